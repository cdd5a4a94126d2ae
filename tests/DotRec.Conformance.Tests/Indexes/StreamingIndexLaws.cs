using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public abstract class StreamingIndexLaws(ScoreFunction scoreFunction, ItemIdType idType) : ItemIndexLaws(scoreFunction, idType)
{
    [Fact]
    public void Batches_of_any_sizes_give_the_answers_of_brute_force()
    {
        var sample = IndexCase.Large with { QueryCount = 5 };
        var (embeddings, queries, ids) = (sample.Embeddings(), sample.Queries(), Ids(sample.Count));
        using var exact = BruteForceIndex.Build(embeddings, ids, ScoreFunction);
        var expected = exact.SearchBatch(queries, sample.K);
        foreach (var rows in new[] { 1, 3, 1000, sample.Count })
        {
            using var index = StreamingIndex.Over(Batches(embeddings, sample.Dimension, _ => rows), sample.Dimension, ids, ScoreFunction);
            var actual = index.SearchBatch(queries, sample.K);
            Assert.All(Enumerable.Range(0, sample.QueryCount), query => AssertSame(expected[query], actual[query], sample));
        }
    }

    private protected override IItemIndex Build(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet)
    {
        EmbeddingPanels.Check(dimension, ScoreFunction);
        return new StreamingIndex(Batches(embeddings, dimension, batch => batch % 5), dimension, ids, ScoreFunction) { InstructionSet = instructionSet };
    }

    // Sizes vary, empty batches included.
    private static IEnumerable<ReadOnlyMemory<float>> Batches(float[] embeddings, int dimension, Func<int, int> rows)
    {
        var batch = 0;
        for (var at = 0; at < embeddings.Length; batch++)
        {
            var length = Math.Min(rows(batch) * dimension, embeddings.Length - at);
            yield return embeddings.AsMemory(at, length);
            at += length;
        }
    }
}

public sealed class StreamingDotStringLaws() : StreamingIndexLaws(ScoreFunction.Dot, ItemIdType.String);

public sealed class StreamingDotInt64Laws() : StreamingIndexLaws(ScoreFunction.Dot, ItemIdType.Int64);

public sealed class StreamingCosineStringLaws() : StreamingIndexLaws(ScoreFunction.Cosine, ItemIdType.String);

public sealed class StreamingCosineInt64Laws() : StreamingIndexLaws(ScoreFunction.Cosine, ItemIdType.Int64);

public sealed class StreamingSquaredL2StringLaws() : StreamingIndexLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.String);

public sealed class StreamingSquaredL2Int64Laws() : StreamingIndexLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.Int64);
