using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Some of the items asked as queries, and which others score highest for them: what a build chooses its form by. Found exactly, by matrix
/// products over at most <see cref="ItemLimit"/> items.
/// </summary>
internal sealed class NeighbourSample
{
    /// <summary>Neighbours a query.</summary>
    public const int Neighbours = 10;

    private const int QueryLimit = 128;
    private const int ItemLimit = 1 << 17;

    // Ranks are counted among fewer, and scaled up.
    private const int RankedLimit = 1 << 15;
    private const int RowsPerPart = 4096;
    private const int RowsPerBlock = 512;

    private readonly EmbeddingSource _source;
    private readonly CodedForm _form;
    private readonly int[] _queries;
    private readonly int[] _items;
    private readonly float[] _queryValues;

    private NeighbourSample(EmbeddingSource source, CodedForm form, SeededRandom random)
    {
        _source = source;
        _form = form;
        _items = TrainingSample.Rows(source.Count, ItemLimit, random.Stream(0));
        _queries = TrainingSample.Rows(source.Count, QueryLimit, random.Stream(1));
        _queryValues = new float[_queries.Length * Dimension];
        for (var i = 0; i < _queries.Length; i++)
        {
            _form.Move(_source.Row(_queries[i]), _queryValues.AsSpan(i * Dimension, Dimension));
        }

        Rows = new int[_queries.Length * Neighbours];
    }

    /// <summary>Queries.</summary>
    public int Count => _queries.Length;

    /// <summary>[queries, 10]: the rows that score highest for each, best first; −1 where there are fewer.</summary>
    public int[] Rows { get; }

    private int Dimension => _source.Dimension;

    /// <summary>Draws queries and finds their neighbours, in parallel.</summary>
    /// <param name="source">The items; the caller holds it.</param>
    /// <param name="form">Their form without a projection.</param>
    /// <param name="random">Draws them.</param>
    public static NeighbourSample Of(EmbeddingSource source, CodedForm form, SeededRandom random)
    {
        var sample = new NeighbourSample(source, form, random);
        sample.Find();
        return sample;
    }

    /// <summary>Writes a query in its coded form.</summary>
    /// <param name="number">Which.</param>
    /// <param name="form">The form.</param>
    /// <param name="destination">[coded width], written.</param>
    public void CopyQuery(int number, CodedForm form, Span<float> destination)
    {
        var values = _source.Row(_queries[number]);
        form.OfQuery(values, EmbeddingLength.SquaredOfQuery(values), destination);
    }

    /// <summary>
    /// How many items score higher than each neighbour when only the first components tell: [steps, queries, 10]. Estimated from every so manyeth.
    /// </summary>
    /// <param name="components">[steps · step, D], orthonormal.</param>
    /// <param name="step">Components that are added from one count to the next.</param>
    public int[] Ranks(float[] components, int step)
    {
        var (count, steps) = (components.Length / Dimension, components.Length / Dimension / step);
        var queries = Project(_queryValues, components, count);
        var thresholds = Thresholds(queries, components, step);
        var stride = ((_items.Length - 1) / RankedLimit) + 1;
        var parts = new int[(_items.Length + RowsPerPart - 1) / RowsPerPart][];
        Parallelism.For(parts.Length, part =>
        {
            parts[part] = new int[thresholds.Length];
            ForBlocks(part, stride, (first, values, halves) =>
            {
                var rows = values.Length / Dimension;
                var projected = Project(values, components, count);
                var scores = new float[_queries.Length * rows];
                Subtract(scores, halves);
                for (var number = 0; number < steps; number++)
                {
                    GemmKernels.Multiply(
                        false, true, _queries.Length, rows, step, queries.AsSpan(number * step), count, projected.AsSpan(number * step), count, scores, rows,
                        accumulate: true);
                    CountHigher(
                        scores, rows, first, stride, thresholds.AsSpan(number * Rows.Length, Rows.Length),
                        parts[part].AsSpan(number * Rows.Length, Rows.Length));
                }
            });
        });

        var ranks = new int[thresholds.Length];
        foreach (var part in parts)
        {
            for (var i = 0; i < ranks.Length; i++)
            {
                ranks[i] += stride * part[i];
            }
        }

        return ranks;
    }

    private void Find()
    {
        var parts = new TopSelector[(_items.Length + RowsPerPart - 1) / RowsPerPart][];
        Parallelism.For(parts.Length, part =>
        {
            var best = Array.ConvertAll(_queries, _ => new TopSelector(Neighbours));
            ForBlocks(part, 1, (first, values, halves) =>
            {
                var rows = values.Length / Dimension;
                var scores = new float[_queries.Length * rows];
                Subtract(scores, halves);
                GemmKernels.Multiply(false, true, _queries.Length, rows, Dimension, _queryValues, Dimension, values, Dimension, scores, rows, accumulate: true);
                for (var query = 0; query < best.Length; query++)
                {
                    for (var i = 0; i < rows; i++)
                    {
                        // A query is an item, and its own nearest.
                        if (_items[first + i] != _queries[query])
                        {
                            best[query].Add(scores[(query * rows) + i], _items[first + i]);
                        }
                    }
                }
            });
            parts[part] = best;
        });

        var (someScores, someRows) = (new float[Neighbours], new int[Neighbours]);
        for (var query = 0; query < _queries.Length; query++)
        {
            var merged = new TopSelector(Neighbours);
            foreach (var part in parts)
            {
                var count = part[query].CopyBest(someScores, someRows);
                merged.AddRange(someScores.AsSpan(0, count), someRows.AsSpan(0, count));
            }

            var found = merged.CopyBest(someScores, someRows);
            someRows.AsSpan(found).Fill(-1);
            someRows.CopyTo(Rows, query * Neighbours);
        }
    }

    // Blocks of every so manyeth item of a part: number of the first, rows as they are before they are projected, and for distances half of their squares.
    private void ForBlocks(int part, int stride, Action<int, float[], float[]> body)
    {
        var end = Math.Min(_items.Length, (part + 1) * RowsPerPart);
        for (var first = part * RowsPerPart; first < end; first += RowsPerBlock * stride)
        {
            var count = Math.Min(RowsPerBlock, (end - first + stride - 1) / stride);
            var (values, halves) = (new float[count * Dimension], new float[count]);
            for (var i = 0; i < count; i++)
            {
                var row = values.AsSpan(i * Dimension, Dimension);
                _form.Move(_source.Row(_items[first + (i * stride)]), row);
                halves[i] = Half(row);
            }

            body(first, values, halves);
        }
    }

    // Of all neighbours, by the first components.
    private float[] Thresholds(float[] queries, float[] components, int step)
    {
        var count = components.Length / Dimension;
        var thresholds = new float[count / step * Rows.Length];
        Parallelism.For(Rows.Length, i =>
        {
            var row = new float[Dimension];
            if (Rows[i] >= 0)
            {
                _form.Move(_source.Row(Rows[i]), row);
            }

            var projected = Project(row, components, count);
            var score = -Half(row);
            for (var number = 0; number < count / step; number++)
            {
                score += DotKernels.Dot(queries.AsSpan((i / Neighbours * count) + (number * step), step), projected.AsSpan(number * step, step));
                thresholds[(number * Rows.Length) + i] = Rows[i] < 0 ? float.PositiveInfinity : score;
            }
        });
        return thresholds;
    }

    private float[] Project(float[] rows, float[] components, int count)
    {
        var projected = new float[rows.Length / Dimension * count];
        GemmKernels.Multiply(false, true, rows.Length / Dimension, count, Dimension, rows, Dimension, components, Dimension, projected, count);
        return projected;
    }

    private float Half(ReadOnlySpan<float> row) => _form.Lift is null ? 0 : (float)(0.5 * EmbeddingLength.Squared(row));

    private static void Subtract(float[] scores, float[] halves)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = -halves[i % halves.Length];
        }
    }

    private void CountHigher(float[] scores, int rows, int first, int stride, ReadOnlySpan<float> thresholds, Span<int> counts)
    {
        for (var query = 0; query < _queries.Length; query++)
        {
            var own = thresholds.Slice(query * Neighbours, Neighbours);
            var min = float.PositiveInfinity;
            foreach (var threshold in own)
            {
                min = Math.Min(min, threshold);
            }

            for (var i = 0; i < rows; i++)
            {
                var score = scores[(query * rows) + i];
                for (var j = 0; score > min && j < Neighbours; j++)
                {
                    counts[(query * Neighbours) + j] += score > own[j] && _items[first + (i * stride)] != _queries[query] ? 1 : 0;
                }
            }
        }
    }
}
