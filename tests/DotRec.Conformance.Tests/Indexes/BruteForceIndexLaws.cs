using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public abstract class BruteForceIndexLaws(ScoreFunction scoreFunction, ItemIdType idType) : ItemIndexLaws(scoreFunction, idType)
{
    [Fact]
    public void A_warm_search_allocates_nothing()
    {
        var sample = new IndexCase(1000, 16, 1, 10, 1);
        using var index = Build(sample);
        var (query, results, filter) = (sample.Queries(), new Candidate[10], sample.Filter(0.5));
        Assert.Equal(0, Allocation.BytesACall(() =>
        {
            index.Search(query, results, filter, [3, 4, 5]);
            index.Search(query, results.AsSpan(0, 3));
        }));
    }

    private protected override IItemIndex Build(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet) =>
        BruteForceIndex.Build(embeddings, dimension, ids, ScoreFunction, instructionSet);
}

public sealed class BruteForceDotStringLaws() : BruteForceIndexLaws(ScoreFunction.Dot, ItemIdType.String);

public sealed class BruteForceDotInt64Laws() : BruteForceIndexLaws(ScoreFunction.Dot, ItemIdType.Int64);

public sealed class BruteForceCosineStringLaws() : BruteForceIndexLaws(ScoreFunction.Cosine, ItemIdType.String);

public sealed class BruteForceCosineInt64Laws() : BruteForceIndexLaws(ScoreFunction.Cosine, ItemIdType.Int64);

public sealed class BruteForceSquaredL2StringLaws() : BruteForceIndexLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.String);

public sealed class BruteForceSquaredL2Int64Laws() : BruteForceIndexLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.Int64);
