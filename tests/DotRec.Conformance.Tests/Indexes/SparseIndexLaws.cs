using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public abstract class SparseIndexLaws(ItemIdType idType) : ItemIndexLaws(ScoreFunction.Dot, idType)
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
        SparseIndex.Build(embeddings, dimension, ids);
}

public sealed class SparseStringLaws() : SparseIndexLaws(ItemIdType.String);

public sealed class SparseInt64Laws() : SparseIndexLaws(ItemIdType.Int64);
