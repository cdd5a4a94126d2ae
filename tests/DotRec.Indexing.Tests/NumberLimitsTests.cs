using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>
/// Approximate indexes over numbers at the limits of float32. What an index finds is compared with the exact one by score, for rows that float32
/// cannot tell apart are equally right, and a saved and opened index has to answer the same.
/// </summary>
public sealed class NumberLimitsTests : IDisposable
{
    private const double Wanted = 0.9;
    private const int Queries = 40;

    // 2^-24, the rounding of float32, some dozen times over.
    private const double Rounding = 1e-6;

    // Of products of two vectors, and of squares in distances.
    private const double Bfloat16Rounding = 1.0 / 256;

    // Cosines near 1 are multiples of 2^-24.
    private const double CosineRounding = 1.0 / (1 << 23);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"dotrec-numbers-{Guid.NewGuid():n}.index");

    public static TheoryData<ScoreFunction, float> Scales()
    {
        var data = new TheoryData<ScoreFunction, float>();
        foreach (var function in Enum.GetValues<ScoreFunction>())
        {
            foreach (var scale in new[] { 1e-41f, 1e-38f, 1e-36f, 1e-31f, 1e-19f, 1e-9f, 1e9f, 1e17f, 3e17f })
            {
                data.Add(function, scale);
            }
        }

        return data;
    }

    public static TheoryData<ScoreFunction, float, double> Fractions()
    {
        var data = new TheoryData<ScoreFunction, float, double>();
        foreach (var function in Enum.GetValues<ScoreFunction>())
        {
            foreach (var scale in new[] { 0, 1e-41f, 1e-36f, 1e-31f, 1e-15f })
            {
                data.Add(function, scale, 0.02);
                data.Add(function, scale, 0.5);
                data.Add(function, scale, 0.98);
            }
        }

        return data;
    }

    public static TheoryData<ScoreFunction, RescoringFormat> Formats()
    {
        var data = new TheoryData<ScoreFunction, RescoringFormat>();
        foreach (var function in Enum.GetValues<ScoreFunction>())
        {
            foreach (var format in Enum.GetValues<RescoringFormat>())
            {
                data.Add(function, format);
            }
        }

        return data;
    }

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Scales))]
    public void Rows_of_any_length_are_found(ScoreFunction function, float scale)
    {
        foreach (var count in new[] { 600, 4000 })
        {
            var (items, plain) = Split(Corpus.Clustered(31, count + Queries, 16), 16);
            var (tiny, scaled) = (Array.ConvertAll(items, value => value * scale), Array.ConvertAll(plain, value => value * scale));
            AssertFound(tiny, plain, 16, function);
            AssertFound(tiny, scaled, 16, function);
        }
    }

    [Theory]
    [MemberData(nameof(Fractions))]
    public void Rows_that_are_nearly_zero_do_not_spoil_the_others(ScoreFunction function, float scale, double fraction)
    {
        foreach (var count in new[] { 600, 4000 })
        {
            var (items, queries) = Split(Corpus.Clustered(32, count + Queries, 16), 16);
            var random = new SeededRandom(5);
            for (var row = 0; row < items.Length / 16; row++)
            {
                if (random.NextDouble() < fraction)
                {
                    ScaleRow(items, row, 16, scale);
                }
            }

            AssertFound(items, queries, 16, function);
        }
    }

    [Theory]
    [InlineData(1e3f)]
    [InlineData(1e6f)]
    [InlineData(1e9f)]
    [InlineData(1e17f)]
    public void One_row_however_long_does_not_spoil_the_others(float length)
    {
        foreach (var function in Enum.GetValues<ScoreFunction>())
        {
            foreach (var format in Enum.GetValues<RescoringFormat>())
            {
                foreach (var count in new[] { 900, 5000 })
                {
                    var (items, queries) = Split(Corpus.Clustered(33, count + Queries, 24), 24);
                    ScaleRow(items, 77, 24, length);
                    AssertFound(items, queries, 24, function, new ScannOptions { RescoringFormat = format });

                    // It is found itself, and what lies on its side is ranked behind it.
                    using var index = ScannIndex.Build(items, 24, null, function, cancellationToken: TestContext.Current.CancellationToken);
                    if (function != ScoreFunction.Cosine)
                    {
                        Assert.Equal(77, index.Search(items.AsSpan(77 * 24, 24), 1)[0].Row);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(30f)]
    [InlineData(1e3f)]
    [InlineData(1e4f)]
    public void Distances_do_not_change_under_a_shift(float shift)
    {
        foreach (var dimension in new[] { 1, 2, 3, 31 })
        {
            foreach (var format in Enum.GetValues<RescoringFormat>())
            {
                // What bfloat16 holds of such values tells no neighbours apart.
                if (format != RescoringFormat.Bfloat16)
                {
                    var (items, queries) = Split(Array.ConvertAll(Corpus.Clustered(34, 4000 + Queries, dimension), value => value + shift), dimension);
                    AssertFound(items, queries, dimension, ScoreFunction.NegatedSquaredL2, new ScannOptions { RescoringFormat = format });
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void In_one_two_and_three_dimensions(ScoreFunction function, RescoringFormat format)
    {
        foreach (var dimension in new[] { 1, 2, 3 })
        {
            foreach (var count in new[] { 500, 5000 })
            {
                var (items, queries) = Split(Corpus.Clustered(35, count + Queries, dimension, clusters: 50), dimension);
                AssertFound(items, queries, dimension, function, new ScannOptions { RescoringFormat = format });
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Distances_of_rows_whose_lengths_vary(double spread)
    {
        var (items, queries) = Split(Corpus.Clustered(36, 20_000 + Queries, 48, clusters: 100, lengthSpread: spread), 48);
        AssertFound(items, queries, 48, ScoreFunction.NegatedSquaredL2);
    }

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void Eight_bits_tell_items_of_a_tight_group_apart(ScoreFunction function)
    {
        foreach (var (count, groups) in new[] { (1500, 30), (6000, 20), (6000, 150) })
        {
            var (items, queries) = Split(Tight(37, count + Queries, 40, groups), 40);
            var exact = Recall(items, queries, 40, function, RescoringFormat.Float32);
            Assert.InRange(Recall(items, queries, 40, function, RescoringFormat.Int8), 0.95 * exact, 1);
        }
    }

    // Groups whose members differ by less than half of a step of 8 bits.
    private static float[] Tight(ulong seed, int count, int dimension, int groups)
    {
        var (random, values) = (new SeededRandom(seed), new float[count * dimension]);
        var centres = Corpus.Clustered(seed, groups, dimension, clusters: groups);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = centres[(i / dimension % groups * dimension) + (i % dimension)] + (5e-3f * (float)random.NextNormal());
        }

        return values;
    }

    private static double Recall(float[] items, float[] queries, int dimension, ScoreFunction function, RescoringFormat format)
    {
        using var exact = BruteForceIndex.Build(items, dimension, null, function);
        using var index = ScannIndex.Build(
            items, dimension, null, function, new ScannOptions { RescoringFormat = format, RescoringCount = 400 },
            cancellationToken: TestContext.Current.CancellationToken);
        return Right(index.SearchBatch(queries, 10), exact.SearchBatch(queries, 10), items, queries, dimension, function, CosineRounding);
    }

    private static (float[] Items, float[] Queries) Split(float[] values, int dimension) =>
        (values[..^(Queries * dimension)], values[^(Queries * dimension)..]);

    private static void ScaleRow(float[] values, int row, int dimension, float scale)
    {
        foreach (ref var value in values.AsSpan(row * dimension, dimension))
        {
            value *= scale;
        }
    }

    private void AssertFound(float[] items, float[] queries, int dimension, ScoreFunction function, ScannOptions? options = null)
    {
        using var exact = BruteForceIndex.Build(items, dimension, null, function);
        using var index = ScannIndex.Build(items, dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        AssertFinite(index.Snapshot);
        index.Save(_path);
        using var opened = ItemIndex.Open(_path);
        var (found, wanted) = (index.SearchBatch(queries, 10), exact.SearchBatch(queries, 10));
        Assert.Equal(found, opened.SearchBatch(queries, 10));
        Assert.All(found, candidates => Assert.Equal(10, candidates.Length));
        Assert.All(found.SelectMany(candidates => candidates), candidate => Assert.True(float.IsFinite(candidate.Score)));
        var rounding = options?.RescoringFormat == RescoringFormat.Bfloat16 ? Bfloat16Rounding : Rounding;
        Assert.InRange(Right(found, wanted, items, queries, dimension, function, rounding), Wanted, 1);
    }

    // The share of candidates whose scores, in double, are those of the ten best or within rounding of them.
    private static double Right(
        Candidate[][] found, Candidate[][] wanted, float[] items, float[] queries, int dimension, ScoreFunction function, double rounding)
    {
        var right = 0;
        for (var query = 0; query < found.Length; query++)
        {
            var vector = queries.AsSpan(query * dimension, dimension);
            var least = Score(items, dimension, wanted[query][^1].Row, vector, function);
            foreach (var candidate in found[query])
            {
                var tolerance = rounding * Magnitude(items.AsSpan(candidate.Row * dimension, dimension), vector, function);
                right += Score(items, dimension, candidate.Row, vector, function) >= least - tolerance ? 1 : 0;
            }
        }

        return right / (10.0 * found.Length);
    }

    private static void AssertFinite(ScannSnapshot snapshot)
    {
        Assert.All(snapshot.Tables.ToCodebook(), value => Assert.InRange(value, -1, 1));
        var centroids = snapshot.Router.Centroids.Values;
        for (var i = 0L; i < centroids.Length; i++)
        {
            Assert.True(float.IsFinite(centroids[i]));
        }
    }

    private static double Score(float[] items, int dimension, int row, ReadOnlySpan<float> query, ScoreFunction function)
    {
        var item = items.AsSpan(row * dimension, dimension);
        double product = 0, distance = 0;
        for (var j = 0; j < dimension; j++)
        {
            product += (double)item[j] * query[j];
            distance += ((double)item[j] - query[j]) * ((double)item[j] - query[j]);
        }

        return function switch
        {
            ScoreFunction.Dot => product,
            ScoreFunction.Cosine => product * EmbeddingLength.Inverse(EmbeddingLength.Squared(item)) * EmbeddingLength.Inverse(EmbeddingLength.Squared(query)),
            _ => -distance,
        };
    }

    // What a float32 score is rounded relative to, and what float32 does not hold at all.
    private static double Magnitude(ReadOnlySpan<float> item, ReadOnlySpan<float> query, ScoreFunction function)
    {
        var product = Math.Sqrt(EmbeddingLength.Squared(item) * EmbeddingLength.Squared(query));
        var square = EmbeddingLength.Squared(item) + EmbeddingLength.Squared(query);
        return (function switch { ScoreFunction.Dot => product, ScoreFunction.Cosine => 1, _ => square }) + (item.Length * float.Epsilon / Rounding);
    }
}
