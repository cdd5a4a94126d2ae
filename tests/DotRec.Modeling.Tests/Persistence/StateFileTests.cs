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

    private void Write(float[] values)
    {
        var file = new StateFile(new JsonObject { ["name"] = "Zoë" });
        file.Add("weights", values);
        file.Add("empty", []);
        file.Write(Path);
    }
}
