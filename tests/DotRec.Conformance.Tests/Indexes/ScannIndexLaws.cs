using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>The laws of exact indexes, for an approximate one that goes to every partition and rescores every item.</summary>
public abstract class ExhaustiveScannLaws(ScoreFunction scoreFunction, ItemIdType idType, bool soar = false) : ItemIndexLaws(scoreFunction, idType)
{
    // It does not know that it is asked for everything.
    protected override bool IsExact => false;

    [Fact]
    public void A_warm_search_allocates_nothing()
    {
        var sample = new IndexCase(12_000, 16, 1, 10, 1);
        using var index = Build(sample);
        var (query, results, filter) = (sample.Queries(), new Candidate[10], sample.Filter(0.5));
        Assert.Equal(0, Allocation.BytesACall(() =>
        {
            index.Search(query, results, filter, [3, 4, 5]);
            index.Search(query, results.AsSpan(0, 3));
        }));
    }

    private protected override IItemIndex Build(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet)
    {
        using var source = EmbeddingSource.From(embeddings, dimension);
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 7, PartitionsToSearch = 7, RescoringCount = int.MaxValue, Soar = soar };
        return ScannIndex.Build(source, ids, ScoreFunction, options, PackedLookupKernels.Of(instructionSet));
    }
}

public sealed class ExhaustiveScannDotStringLaws() : ExhaustiveScannLaws(ScoreFunction.Dot, ItemIdType.String);

public sealed class ExhaustiveScannDotInt64Laws() : ExhaustiveScannLaws(ScoreFunction.Dot, ItemIdType.Int64);

public sealed class ExhaustiveScannSpilledDotLaws() : ExhaustiveScannLaws(ScoreFunction.Dot, ItemIdType.Int64, soar: true);

public sealed class ExhaustiveScannCosineStringLaws() : ExhaustiveScannLaws(ScoreFunction.Cosine, ItemIdType.String);

public sealed class ExhaustiveScannCosineInt64Laws() : ExhaustiveScannLaws(ScoreFunction.Cosine, ItemIdType.Int64);

public sealed class ExhaustiveScannSquaredL2StringLaws() : ExhaustiveScannLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.String);

public sealed class ExhaustiveScannSquaredL2Int64Laws() : ExhaustiveScannLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.Int64);

/// <summary>Rows stored in fewer bits: scores close to the exact ones, and all else as ever.</summary>
public sealed class RoundedRescoringTests
{
    private const int Dimension = 21;
    private const int Count = 700;

    [Theory]
    [InlineData(RescoringFormat.Bfloat16, ScoreFunction.Dot)]
    [InlineData(RescoringFormat.Bfloat16, ScoreFunction.Cosine)]
    [InlineData(RescoringFormat.Bfloat16, ScoreFunction.NegatedSquaredL2)]
    [InlineData(RescoringFormat.Int8, ScoreFunction.Dot)]
    [InlineData(RescoringFormat.Int8, ScoreFunction.Cosine)]
    [InlineData(RescoringFormat.Int8, ScoreFunction.NegatedSquaredL2)]
    public void Scores_and_rows_are_as_close_as_the_format_is(RescoringFormat format, ScoreFunction scoreFunction)
    {
        var random = new SeededRandom(5);
        var embeddings = Enumerable.Range(0, Count * Dimension).Select(i => (float)(random.NextNormal() * (1 + (i / Dimension % 9)))).ToArray();
        var query = Enumerable.Range(0, Dimension).Select(_ => (float)random.NextNormal()).ToArray();
        using var source = EmbeddingSource.From(embeddings, Dimension);
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 5, PartitionsToSearch = 5, RescoringCount = Count, RescoringFormat = format };
        using var index = ScannIndex.Build(source, null, scoreFunction, options, cancellationToken: TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(embeddings, Dimension, null, scoreFunction);
        var expected = exact.Search(query, Count).OrderBy(candidate => candidate.Row).ToArray();
        var actual = index.Search(query, Count);
        Assert.Equal(actual.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Row), actual);

        // Half a step of a component: 2^−9 of it for bfloat16, 1/254 of the greatest for 8 bits; √D of them at most add up over a row.
        var step = format == RescoringFormat.Bfloat16 ? 1.0 / 512 : 1.0 / 254;
        var row = new float[Dimension];
        foreach (var (candidate, truth) in actual.OrderBy(candidate => candidate.Row).Zip(expected))
        {
            Assert.Equal(truth.Row, candidate.Row);
            var item = embeddings.AsSpan(candidate.Row * Dimension, Dimension);
            double itemLength = Length(item), queryLength = Length(query);
            var error = step * Math.Sqrt(Dimension) * itemLength;
            var bound = scoreFunction switch
            {
                ScoreFunction.Dot => error * queryLength,
                ScoreFunction.Cosine => error / itemLength,
                _ => error * ((2 * Math.Sqrt(-truth.Score)) + error),
            };
            Assert.InRange(candidate.Score, truth.Score - bound - 1e-5, truth.Score + bound + 1e-5);
            index.CopyEmbedding(candidate.Row, row);
            Assert.True(Length(row.Zip(item.ToArray(), (x, y) => x - y).ToArray()) <= error);
        }
    }

    private static double Length(ReadOnlySpan<float> vector)
    {
        var square = 0.0;
        foreach (var value in vector)
        {
            square += (double)value * value;
        }

        return Math.Sqrt(square);
    }
}
