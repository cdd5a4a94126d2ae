using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class SelectAbovePortableLaws() : SelectAboveLaws(SelectAboveVariant.Of<SelectAbovePortable>());

public sealed class SelectAboveAvx2Laws() : SelectAboveLaws(SelectAboveVariant.Of<SelectAboveAvx2>());

public sealed class SelectAboveAvx512Laws() : SelectAboveLaws(SelectAboveVariant.Of<SelectAboveAvx512>());

internal delegate int SelectAbove(ReadOnlySpan<float> scores, float threshold, Span<int> positions);

internal sealed record SelectAboveVariant(Type Kernel, InstructionSet InstructionSet, SelectAbove Select)
{
    public static SelectAboveVariant Of<TKernel>()
        where TKernel : struct, ISelectAboveKernel => new(
            typeof(TKernel), TKernel.InstructionSet,
            (scores, threshold, positions) => TKernel.SelectAbove(
                in MemoryMarshal.GetReference(scores), scores.Length, threshold, ref MemoryMarshal.GetReference(positions)));

    public int[] SelectAbove(ReadOnlySpan<float> scores, float threshold, Placement placement = Placement.CacheLine)
    {
        using var positions = new KernelBuffer<int>(scores.Length, placement);
        return positions.Values[..Select(scores, threshold, positions.Values)].ToArray();
    }
}

public abstract class SelectAboveLaws : KernelLaws
{
    private const int LongestLength = 257;
    private readonly SelectAboveVariant _variant;

    private protected SelectAboveLaws(SelectAboveVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Finds_exactly_the_scores_at_or_above_the_threshold_at_every_length_and_alignment()
    {
        NeedsInstructionSet();
        for (var length = 0; length <= LongestLength; length++)
        {
            var offset = length % 17;
            var scores = Values.Integers(length + offset, length);
            for (var special = 3; special < scores.Length; special += 7)
            {
                scores[special] = (special % 4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, _ => -0f };
            }

            foreach (var threshold in new[] { 0f, 20f, 33f, float.PositiveInfinity, float.NegativeInfinity, float.NaN })
            {
                var expected = Enumerable.Range(0, length).Where(i => scores[offset + i] >= threshold);
                Assert.Equal(expected, _variant.SelectAbove(scores.AsSpan(offset), threshold));
            }
        }
    }
}
