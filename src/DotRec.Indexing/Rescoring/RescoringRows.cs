using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The rows that give candidates their final scores, by position, so that candidates of one partition lie together; and which row of the
/// index each position is.
/// </summary>
/// <param name="values">[N, D].</param>
/// <param name="factors">[N]: inverse lengths, by position; empty unless the score function is the cosine.</param>
/// <param name="rows">[N]: the row at each position.</param>
/// <param name="positions">[N]: the position of each row.</param>
/// <param name="dimension">D.</param>
/// <param name="greatestLength">Length of the longest row.</param>
internal sealed unsafe class RescoringRows(
    Section<float> values, Section<float> factors, Section<int> rows, Section<int> positions, int dimension, float greatestLength)
{
    // Rows are asked of memory this many candidates ahead.
    private const int PrefetchDistance = 16;
    private const int CacheLine = 64;
    private const int RowsAPart = 4096;

    public Section<float> Values => values;

    public Section<float> Factors => factors;

    public Section<int> Rows => rows;

    public Section<int> Positions => positions;

    public int Count => (int)rows.Length;

    public int Dimension => dimension;

    public float GreatestLength => greatestLength;

    /// <summary>Bytes that <see cref="Pack"/> takes.</summary>
    public static long ByteLength(int count, int dimension, ScoreFunction scoreFunction) =>
        SectionAllocator.Bytes<float>((long)count * dimension)
        + SectionAllocator.Bytes<float>(scoreFunction == ScoreFunction.Cosine ? count : 0)
        + (2 * SectionAllocator.Bytes<int>(count));

    /// <summary>Copies the rows of a source, in parallel.</summary>
    /// <param name="source">[N, D].</param>
    /// <param name="order">[N]: the row at each position.</param>
    /// <param name="positions">[N]: the position of each row.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="allocator">Where to.</param>
    public static RescoringRows Pack(EmbeddingSource source, ReadOnlySpan<int> order, ReadOnlySpan<int> positions, ScoreFunction scoreFunction, SectionAllocator allocator)
    {
        var (count, dimension) = (source.Count, source.Dimension);
        var values = allocator.Take<float>((long)count * dimension);
        var factors = allocator.Take<float>(scoreFunction == ScoreFunction.Cosine ? count : 0);
        var rows = allocator.Take<int>(count);
        var byRow = allocator.Take<int>(count);
        order.CopyTo(rows.Span(0, count));
        positions.CopyTo(byRow.Span(0, count));
        using var hold = source.Hold();
        var greatestSquares = new double[(count + RowsAPart - 1) / RowsAPart];
        Parallelism.ForRanges(count, RowsAPart, (start, end) =>
        {
            for (var position = start; position < end; position++)
            {
                var row = source.Row(rows[position]);
                row.CopyTo(values.Span((long)position * dimension, dimension));
                var square = EmbeddingLength.Squared(row);
                greatestSquares[start / RowsAPart] = Math.Max(greatestSquares[start / RowsAPart], square);
                if (factors.Length > 0)
                {
                    factors[position] = (float)EmbeddingLength.Inverse(square);
                }
            }
        });
        return new RescoringRows(values, factors, rows, byRow, dimension, (float)Math.Sqrt(greatestSquares.DefaultIfEmpty().Max()));
    }

    /// <summary>
    /// Scores candidates quickly, each sum in several parts: the last bits differ from those of <see cref="ScoreExactly"/>.
    /// </summary>
    public void Score(ReadOnlySpan<float> query, ReadOnlySpan<int> candidates, ScoreFunction scoreFunction, Span<float> scores)
    {
        var first = values.Pointer(0, values.Length);
        for (var i = 0; i < Math.Min(PrefetchDistance, candidates.Length); i++)
        {
            Prefetch(first + ((long)candidates[i] * dimension));
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            if (i + PrefetchDistance < candidates.Length)
            {
                Prefetch(first + ((long)candidates[i + PrefetchDistance] * dimension));
            }

            var row = new ReadOnlySpan<float>(first + ((long)candidates[i] * dimension), dimension);
            scores[i] = scoreFunction switch
            {
                ScoreFunction.Dot => DotKernels.Dot(query, row),
                ScoreFunction.Cosine => DotKernels.Dot(query, row) * factors[candidates[i]],
                _ => 0f - SquaredL2Kernels.SquaredL2(query, row),
            };
        }
    }

    /// <summary>
    /// Scores candidates as <see cref="PanelKernels"/> does, to the bit: one chain of multiply-adds over the components in order. Four rows at
    /// a time hide the latency of their chains.
    /// </summary>
    public void ScoreExactly(ReadOnlySpan<float> query, ReadOnlySpan<int> candidates, ScoreFunction scoreFunction, Span<float> scores)
    {
        var first = values.Pointer(0, values.Length);
        for (var i = 0; i < candidates.Length; i += 4)
        {
            // Fewer than four: the last one again.
            var last = candidates.Length - 1;
            var a = first + ((long)candidates[i] * dimension);
            var b = first + ((long)candidates[Math.Min(i + 1, last)] * dimension);
            var c = first + ((long)candidates[Math.Min(i + 2, last)] * dimension);
            var d = first + ((long)candidates[Math.Min(i + 3, last)] * dimension);
            var (sumA, sumB, sumC, sumD) = scoreFunction == ScoreFunction.NegatedSquaredL2 ? Distances(query, a, b, c, d) : Products(query, a, b, c, d);
            scores[i] = sumA;
            scores[Math.Min(i + 1, last)] = sumB;
            scores[Math.Min(i + 2, last)] = sumC;
            scores[Math.Min(i + 3, last)] = sumD;
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = scoreFunction switch
            {
                ScoreFunction.Dot => scores[i],
                ScoreFunction.Cosine => scores[i] * factors[candidates[i]],
                _ => 0f - scores[i],
            };
        }
    }

    /// <summary>How much better than a score the quick scores of two candidates must differ for their exact ones to be in the same order.</summary>
    /// <param name="queryLength">Length of the query.</param>
    /// <param name="score">A score; the bound of distances is relative.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    public float OrderMargin(float queryLength, float score, ScoreFunction scoreFunction)
    {
        // A sum of D products is off by at most D roundings of 2^−24 of Σ|qx| ≤ |q||x|; two candidates, each summed in two ways.
        var rounding = (dimension + 4) / (float)(1 << 22);
        return rounding * scoreFunction switch
        {
            ScoreFunction.Dot => queryLength * greatestLength,
            ScoreFunction.Cosine => 1,
            _ => Math.Abs(score),
        };
    }

    /// <summary>Copies a row of the index out.</summary>
    public void CopyRow(int row, Span<float> destination) => values.Span((long)positions[row] * dimension, dimension).CopyTo(destination);

    private static (float A, float B, float C, float D) Products(ReadOnlySpan<float> query, float* a, float* b, float* c, float* d)
    {
        var (sumA, sumB, sumC, sumD) = (0f, 0f, 0f, 0f);
        for (var j = 0; j < query.Length; j++)
        {
            sumA = float.MultiplyAddEstimate(query[j], a[j], sumA);
            sumB = float.MultiplyAddEstimate(query[j], b[j], sumB);
            sumC = float.MultiplyAddEstimate(query[j], c[j], sumC);
            sumD = float.MultiplyAddEstimate(query[j], d[j], sumD);
        }

        return (sumA, sumB, sumC, sumD);
    }

    private static (float A, float B, float C, float D) Distances(ReadOnlySpan<float> query, float* a, float* b, float* c, float* d)
    {
        var (sumA, sumB, sumC, sumD) = (0f, 0f, 0f, 0f);
        for (var j = 0; j < query.Length; j++)
        {
            sumA = float.MultiplyAddEstimate(query[j] - a[j], query[j] - a[j], sumA);
            sumB = float.MultiplyAddEstimate(query[j] - b[j], query[j] - b[j], sumB);
            sumC = float.MultiplyAddEstimate(query[j] - c[j], query[j] - c[j], sumC);
            sumD = float.MultiplyAddEstimate(query[j] - d[j], query[j] - d[j], sumD);
        }

        return (sumA, sumB, sumC, sumD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(float* row)
    {
        if (Sse.IsSupported)
        {
            for (var at = (byte*)row; at < row + dimension; at += CacheLine)
            {
                Sse.Prefetch0(at);
            }

            Sse.Prefetch0((byte*)(row + dimension) - 1);
        }
    }
}
