using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace DotRec.Modeling.Tests;

public class CrossWeightsFileTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var weights = CrossWeightsTests.Random([3, 1, 4], layers: 3, seed: 2);
        var strange = new CrossWeights([new("a<b>&\"'é\n", 0, 1)], [new CrossKernel("x", new[] { -0f })]);
        foreach (var written in (CrossWeights[])[weights, strange])
        {
            var read = CrossWeights.Read(written.ToBytes());
            Assert.Equal(written.Fields, read.Fields);
            Assert.Equal(written.Layers.Select(layer => layer.Name), read.Layers.Select(layer => layer.Name));
            Assert.All(written.Layers.Zip(read.Layers), pair => Assert.Equal(Bits(pair.First), Bits(pair.Second)));
            Assert.Equal(written.ToBytes(), read.ToBytes());
        }

        static IEnumerable<int> Bits(CrossKernel kernel) => kernel.Values.ToArray().Select(BitConverter.SingleToInt32Bits);
    }

    [Theory]
    [InlineData("", "no file of cross weights")]
    [InlineData("[]", "no file of cross weights")]
    [InlineData("null", "no file of cross weights")]
    [InlineData("{}", "no file of cross weights")]
    [InlineData("""{"format":"other"}""", "dotrec-crosses")]
    [InlineData("""{"format":"dotrec-crosses","version":2}""", "version 2")]
    [InlineData("""{"format":"dotrec-crosses","version":1,"fields":[{"name":"a","width":2147483647},{"name":"b","width":2147483647}],"layers":[]}""", "no file")]
    [InlineData("""{"format":"dotrec-crosses","version":1,"fields":[{"name":null,"width":1}],"layers":[{"name":"k","kernel":"AAAAAA=="}],"sha256":"df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119"}""", "no name")]
    [InlineData("""{"format":"dotrec-crosses","version":1,"fields":[{"name":"a","width":1}],"layers":[{"name":"k","kernel":"AAA="}],"sha256":""}""", "2 bytes")]
    [InlineData("""{"format":"dotrec-crosses","version":1,"fields":[{"name":"a","width":1}],"layers":[{"name":"k","kernel":"not base64"}],"sha256":""}""", "no file")]
    [InlineData("""{"format":"dotrec-crosses","version":1,"fields":[{"name":"a","width":1}],"layers":[{"name":"k","kernel":7}],"sha256":""}""", "no file")]
    public void Something_else_is_refused_and_the_message_says_why(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => CrossWeights.Read(Encoding.UTF8.GetBytes(content))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_changed_weight_a_missing_layer_and_another_width_are_noticed()
    {
        var bytes = CrossWeightsTests.Random([2, 1], layers: 2, seed: 2).ToBytes();
        Changed(root => root["layers"]![1]!["kernel"] = Convert.ToBase64String(new byte[36]));
        Changed(root => root["layers"]!.AsArray().RemoveAt(1));
        Changed(root => root["fields"]![0]!["width"] = 3);
        Changed(root => root["fields"]![0]!["width"] = -1);

        void Changed(Action<JsonNode> change)
        {
            var root = JsonNode.Parse(bytes)!;
            change(root);
            Assert.Throws<InvalidDataException>(() => CrossWeights.Read(Encoding.UTF8.GetBytes(root.ToJsonString())));
        }
    }

    [Fact]
    public void Damage_never_does_worse_than_an_error()
    {
        var bytes = CrossWeightsTests.Random([2, 1], layers: 1, seed: 2).ToBytes();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample(
            (at, value, length) =>
            {
                var damaged = bytes[..length];
                if (at < length)
                {
                    damaged[at] = value;
                }

                try
                {
                    _ = CrossWeights.Read(damaged);
                }
                catch (InvalidDataException)
                {
                    // Refused.
                }
            },
            iter: 500);
    }
}
