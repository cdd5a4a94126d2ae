using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Salted bins: MurmurHash3 with the salt as seed, modulo the number of bins.</summary>
internal readonly record struct HashBins(int Count, uint Salt)
{
    public static HashBins Checked(int bins, uint salt, string label) => bins >= 1 ? new HashBins(bins, salt) : throw new ArgumentOutOfRangeException(
        nameof(bins), $"{label}: bins is {bins}; expected 1 or more.");

    public int BinOf(string? text) => (int)(MurmurHash3.Hash(text, Salt) % (uint)Count);

    public int BinOf(long value) => (int)(MurmurHash3.Hash(value, Salt) % (uint)Count);

    /// <summary>The bins of a value of strings or int64, of any shape.</summary>
    public string Emit(OnnxGraph graph, string values)
    {
        var hash = graph.Node("MurmurHash3", OnnxGraph.MicrosoftDomain, [values], 1, ("seed", (long)Salt), ("positive", 1))[0];
        var wide = graph.Node("Cast", [hash], ("to", (int)OnnxElementType.Int64));
        return graph.Node("Mod", [wide, graph.Weight("bins", [(long)Count])]);
    }
}
