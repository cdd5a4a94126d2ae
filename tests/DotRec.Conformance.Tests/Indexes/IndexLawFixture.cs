using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>What the laws need to know of an index type: how one is made.</summary>
public abstract class IndexLawFixture(ScoreFunction scoreFunction, ItemIdType idType)
{
    protected ScoreFunction ScoreFunction => scoreFunction;

    protected virtual bool IsExact => true;

    /// <summary>Whether a filter may be made for another number of rows than the index has.</summary>
    protected virtual bool TakesFiltersOfOthers => false;

    private protected static InstructionSet[] InstructionSets { get; } = [.. Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported)];

    private protected abstract IItemIndex Build(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet);

    protected ItemIds Ids(int count) => idType == ItemIdType.String
        ? ItemIds.From(Enumerable.Range(0, count).Select(row => $"item {row * 7}").ToArray())
        : ItemIds.From(Enumerable.Range(0, count).Select(row => (row * 7L) - 50).ToArray());

    private protected IItemIndex Build(IndexCase sample, InstructionSet instructionSet) =>
        Build(sample.Embeddings(), sample.Dimension, Ids(sample.Count), instructionSet);

    protected IItemIndex Build(IndexCase sample) => Build(sample, KernelSelection.Current);

    protected IItemIndex Build(float[] embeddings, int dimension) =>
        Build(embeddings, dimension, Ids(embeddings.Length / dimension), KernelSelection.Current);

    protected static ReadOnlySpan<float> Query(IndexCase sample, float[] queries, int query) =>
        queries.AsSpan(query * sample.Dimension, sample.Dimension);

    /// <summary>Equal rows, and scores equal to the last bit.</summary>
    protected static void AssertSame(IEnumerable<Candidate> expected, IEnumerable<Candidate> actual, IndexCase sample) =>
        Assert.True(
            expected.Select(Bits).SequenceEqual(actual.Select(Bits)),
            $"{sample}: expected {string.Join(' ', expected.Take(12))}, got {string.Join(' ', actual.Take(12))}");

    // −0 and 0 are equal scores.
    private static (int Row, int Score) Bits(Candidate candidate) => (candidate.Row, BitConverter.SingleToInt32Bits(candidate.Score + 0f));
}
