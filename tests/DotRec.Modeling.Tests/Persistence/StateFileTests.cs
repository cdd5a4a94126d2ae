using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DotRec.Indexing;

namespace DotRec.Modeling.Tests;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["state"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arrays_and_document_come_back_bit_for_bit()
    {
        float[] odd = [float.NaN, float.NegativeInfinity, -0f, float.Epsilon, 1f / 3];
        Write(odd);

        var file = StateFile.Read(Path);

        Assert.Equal(["weights", "empty"], file.Names);
        Assert.Equal(Array.ConvertAll(odd, BitConverter.SingleToInt32Bits), Array.ConvertAll(file.Find("weights")!, BitConverter.SingleToInt32Bits));
        Assert.Empty(file.Find("empty")!);
        Assert.Null(file.Find("other"));
        Assert.Equal("Zoë", (string?)file.Document["name"]);
        Assert.Equal(["state"], _folder.Files);
    }

    [Fact]
    public void Every_flipped_byte_is_noticed()
    {
        Write([1, 2, 3]);
        var bytes = File.ReadAllBytes(Path);
        for (var i = 0; i < bytes.Length; i++)
        {
            var altered = bytes.ToArray();
            altered[i] ^= 0x10;
            File.WriteAllBytes(Path, altered);

            Assert.Contains(Path, Assert.Throws<ArtifactFormatException>(() => StateFile.Read(Path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_length_but_the_right_one_is_noticed()
    {
        Write([1, 2, 3]);
        var bytes = File.ReadAllBytes(Path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(Path, bytes[..length]);
            Assert.Throws<ArtifactFormatException>(() => StateFile.Read(Path));
        }

        File.WriteAllBytes(Path, [.. bytes, 0]);
        Assert.Throws<ArtifactFormatException>(() => StateFile.Read(Path));
    }

    [Fact]
    public void A_newer_format_says_so()
    {
        Write([1]);
        var bytes = File.ReadAllBytes(Path);
        bytes[8] = 2;
        File.WriteAllBytes(Path, bytes);

        Assert.Contains("format 2; this build reads format 1", Assert.Throws<ArtifactFormatException>(() => StateFile.Read(Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>The checksum finds accidents; here it is made right again, as somebody would who means harm.</summary>
    [Fact]
    public void Damage_with_a_right_checksum_is_read_or_refused()
    {
        Write([1, 2, 3]);
        var valid = File.ReadAllBytes(Path)[..^32];
        var damage = new Damage(17);
        var (read, refused) = (0, 0);
        for (var trial = Damage.Trials(400); trial > 0; trial--)
        {
            var bytes = damage.Of(valid);
            var path = _folder.Write("damaged", [.. bytes, .. SHA256.HashData(bytes)]);
            try
            {
                _ = StateFile.Read(path);
                read++;
            }
            catch (ArtifactFormatException)
            {
                refused++;
            }
        }

        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Two_arrays_of_one_name_are_refused()
    {
        Write([1, 2, 3]);
        var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path)[..^32]).Replace("\"empty\",\"length\":0", "\"weights\",\"length\":0", StringComparison.Ordinal);
        var bytes = System.Text.Encoding.Latin1.GetBytes(text);
        bytes[12] += 2;
        File.WriteAllBytes(Path, [.. bytes, .. SHA256.HashData(bytes)]);
        Assert.Contains("two arrays of one name", Assert.Throws<ArtifactFormatException>(() => StateFile.Read(Path)).Message, StringComparison.Ordinal);
    }

    private void Write(float[] values)
    {
        var file = new StateFile(new JsonObject { ["name"] = "Zoë" });
        file.Add("weights", values);
        file.Add("empty", []);
        file.Write(Path);
    }
}
