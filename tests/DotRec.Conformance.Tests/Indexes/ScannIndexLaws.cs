using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>The laws of exact indexes, for an approximate one that goes to every partition and rescores every item.</summary>
public abstract class ExhaustiveScannLaws(ScoreFunction scoreFunction, ItemIdType idType, bool soar) : IndexAnswerLaws(scoreFunction, idType)
{
    [Fact]
    public void A_warm_search_allocates_nothing()
    {
        var sample = new IndexCase(6000, 16, 1, 10, 1);
        using var index = Build(sample);
        var (query, results, filter) = (sample.Queries(), new Candidate[10], sample.Filter(0.5));
        Search();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            Search();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Search()
        {
            index.Search(query, results, filter, [3, 4, 5]);
            index.Search(query, results.AsSpan(0, 3));
        }
    }

    private protected override IItemIndex Build(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet)
    {
        using var source = EmbeddingSource.From(embeddings, dimension);
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 7, PartitionsToSearch = 7, RescoringCount = int.MaxValue, Soar = soar };
        return ScannIndex.Build(source, ids, ScoreFunction, options, PackedLookupKernels.Of(instructionSet));
    }
}

public sealed class ExhaustiveScannDotLaws() : ExhaustiveScannLaws(ScoreFunction.Dot, ItemIdType.String, soar: false);

public sealed class ExhaustiveScannSpilledDotLaws() : ExhaustiveScannLaws(ScoreFunction.Dot, ItemIdType.Int64, soar: true);

public sealed class ExhaustiveScannCosineLaws() : ExhaustiveScannLaws(ScoreFunction.Cosine, ItemIdType.Int64, soar: false);

public sealed class ExhaustiveScannSquaredL2Laws() : ExhaustiveScannLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.Int64, soar: false);
