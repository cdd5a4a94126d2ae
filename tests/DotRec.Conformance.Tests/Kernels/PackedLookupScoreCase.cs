using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>What a scan found, and the scores of it one at a time.</summary>
internal sealed unsafe record PackedLookupScoreCase(ushort[] Positions, short[] Values, int FirstPosition, float Bias, float Unit)
{
    public static PackedLookupScoreCase Random(int found)
    {
        var random = new SeededRandom((ulong)found);
        return new PackedLookupScoreCase(
            [.. Enumerable.Range(0, found).Select(_ => (ushort)random.NextInt(1 << 16))],
            [.. Enumerable.Range(0, found).Select(_ => (short)(random.NextInt(1 << 16) + short.MinValue))],
            random.NextInt(int.MaxValue - (1 << 16)),
            random.NextSingle() - 0.5f,
            random.NextSingle() / 1000);
    }

    public void Check(Placement placement)
    {
        // No more room than the contract asks for.
        var room = Values.Length + PackedLookupQuery.Slack;
        using KernelBuffer<ushort> positions = new(room, placement);
        using KernelBuffer<short> values = new(room, placement);
        using KernelBuffer<int> scores = new(room, placement), placed = new(room, placement);
        Positions.CopyTo(positions.Values);
        Values.CopyTo(values.Values);
        var lookup = new PackedLookupQuery { Positions = positions.Pointer, Values = values.Pointer, Found = Values.Length };
        PackedLookupScores.Score(&lookup, FirstPosition, Bias, Unit, scores.Pointer, placed.Pointer);
        var expected = Values.Select(value => RankSelection.Ordered(float.MultiplyAddEstimate(value, Unit, Bias))).ToArray();
        Assert.Equal(expected, scores.Values[..Values.Length].ToArray());
        Assert.Equal(Positions.Select(position => FirstPosition + position), placed.Values[..Values.Length].ToArray());
    }
}
