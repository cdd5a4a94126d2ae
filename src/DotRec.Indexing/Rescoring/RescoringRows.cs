using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The rows that give candidates their final scores, by position, so that candidates of one partition lie together; and which row of the
/// index each position is.
/// </summary>
/// <param name="format">How components are stored.</param>
/// <param name="values">[N, D] in that format.</param>
/// <param name="factors">
/// [N], by position: the step of the codes for 8 bits, else the inverse length for cosines. Empty for distances and inner products of wider
/// formats.
/// </param>
/// <param name="lengths">
/// [N], by position, for 8-bit cosines: the lengths. Rows are of unit length where there are bases; without, as in older files,
/// <paramref name="factors"/> are divided by the lengths. Else empty.
/// </param>
/// <param name="rows">[N]: the row at each position.</param>
/// <param name="positions">[N]: the position of each row.</param>
/// <param name="dimension">D.</param>
/// <param name="maxLength">Length of the longest row.</param>
/// <param name="bases">[B, D]: what 8-bit rows are relative to; empty for other formats, and where rows are relative to zeros, as in older files.</param>
/// <param name="baseNumbers">[N], by position: the base of each row, or empty.</param>
internal sealed unsafe class RescoringRows(
    RescoringFormat format,
    Section<byte> values,
    Section<float> factors,
    Section<float> lengths,
    Section<int> rows,
    Section<int> positions,
    int dimension,
    float maxLength,
    Section<float> bases = default,
    Section<int> baseNumbers = default)
{
    // Rows are asked of memory so many candidates ahead; short ones farther, for as many bytes are on their way.
    private const int PrefetchDistance = 16;
    private const int ShortPrefetchDistance = 32;
    private const int ShortRowBytes = 512;

    private readonly int _rowBytes = dimension * format.ByteWidth();

    public RescoringFormat Format => format;

    public Section<byte> Values => values;

    public Section<float> Factors => factors;

    public Section<float> Lengths => lengths;

    public Section<float> Bases => bases;

    public Section<int> BaseNumbers => baseNumbers;

    public Section<int> Rows => rows;

    public Section<int> Positions => positions;

    public int Count => (int)rows.Length;

    public int Dimension => dimension;

    public float MaxLength => maxLength;

    /// <summary>Whether <see cref="ScoreExactly"/> gives the scores of the exact index. Otherwise the quick scores are final.</summary>
    public bool IsExact => format == RescoringFormat.Float32;

    /// <summary>The row of the index at a position.</summary>
    /// <exception cref="ArtifactFormatException">A damaged file names a row that is none.</exception>
    public int RowAt(int position) => Checked(rows, position);

    /// <summary>The position of a row of the index.</summary>
    /// <exception cref="ArtifactFormatException">A damaged file names a position that is none.</exception>
    public int PositionOf(int row) => Checked(positions, row);

    /// <summary>Refuses a position out of a file that is none.</summary>
    /// <exception cref="ArtifactFormatException">Always.</exception>
    [DoesNotReturn]
    public void Refuse(int position) => Refuse(rows, position);

    /// <summary>Scores candidates quickly, each sum in several parts: the last bits differ from those of <see cref="ScoreExactly"/>.</summary>
    /// <param name="query">[D].</param>
    /// <param name="candidates">Positions.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="scores">[candidates], written.</param>
    public void Score(ReadOnlySpan<float> query, ReadOnlySpan<int> candidates, ScoreFunction scoreFunction, Span<float> scores)
    {
        var isZero = scoreFunction == ScoreFunction.Cosine && bases.Length > 0 && !query.ContainsAnyExcept(0f);
        var distance = _rowBytes <= ShortRowBytes ? ShortPrefetchDistance : PrefetchDistance;
        var ahead = new RowsAhead(values.Pointer(0, values.Length), _rowBytes, distance, candidates);
        for (var i = 0; i < candidates.Length; i++)
        {
            var row = ahead.Read(i);
            scores[i] = isZero ? 0 : Score(query, row, candidates[i], scoreFunction);
        }
    }

    /// <summary>
    /// Scores candidates as <see cref="PanelKernels"/> does, to the bit: one chain of multiply-adds over the components in order.
    /// </summary>
    public void ScoreExactly(ReadOnlySpan<float> query, ReadOnlySpan<int> candidates, ScoreFunction scoreFunction, Span<float> scores)
    {
        var first = (float*)values.Pointer(0, values.Length);
        if (scoreFunction == ScoreFunction.NegatedSquaredL2)
        {
            ChainSums.Sum<SquaredDifferenceTerm>(query, first, candidates, scores[..candidates.Length]);
        }
        else
        {
            ChainSums.Sum<ProductTerm>(query, first, candidates, scores[..candidates.Length]);
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
    /// <param name="itemLength">Length of the longest item.</param>
    /// <param name="score">A score; the bound of distances is relative.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    public float OrderMargin(float queryLength, float itemLength, float score, ScoreFunction scoreFunction)
    {
        // A sum of D products is off by at most D roundings of 2^−24 of Σ|qx| ≤ |q||x|; two candidates, each summed in two ways.
        // Products below float32's normal numbers are off by half of the smallest number each, however small they are.
        var rounding = (dimension + 4) / (float)(1 << 22);
        return (2 * (dimension + 4) * float.Epsilon) + (rounding * scoreFunction switch
        {
            ScoreFunction.Dot => queryLength * itemLength,
            ScoreFunction.Cosine => 1,
            _ => Math.Abs(score),
        });
    }

    /// <summary>Copies a row of the index out, as nearly as its format holds it.</summary>
    public void CopyRow(int row, Span<float> destination) => CopyAt(PositionOf(row), destination);

    /// <summary>Copies the row at a position out, as nearly as its format holds it.</summary>
    public void CopyAt(int position, Span<float> destination)
    {
        var stored = new Span<byte>(values.Pointer((long)position * _rowBytes, _rowBytes), _rowBytes);
        switch (format)
        {
            case RescoringFormat.Float32:
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(destination);
                break;
            case RescoringFormat.Bfloat16:
                RowFormat.Decode(MemoryMarshal.Cast<byte, ushort>(stored), destination);
                break;
            case RescoringFormat.Int8 when bases.Length > 0:
                RowFormat.Decode(MemoryMarshal.Cast<byte, sbyte>(stored), factors[position], new ReadOnlySpan<float>(BaseOf(position), dimension), destination);
                if (lengths.Length > 0)
                {
                    TensorPrimitives.Multiply(destination, lengths[position], destination);
                }

                break;
            default:
                RowFormat.Decode(MemoryMarshal.Cast<byte, sbyte>(stored), factors[position] * (lengths.Length > 0 ? lengths[position] : 1), destination);
                break;
        }
    }

    private float* BaseOf(int position)
    {
        long number = baseNumbers[position];
        if ((ulong)number >= (ulong)(bases.Length / dimension))
        {
            Refuse(baseNumbers, (int)number);
        }

        return bases.Pointer(number * dimension, dimension);
    }

    private static int Checked(Section<int> map, int index)
    {
        var value = map[index];
        if ((uint)value >= (uint)map.Length)
        {
            Refuse(map, value);
        }

        return value;
    }

    [DoesNotReturn]
    private static void Refuse(Section<int> map, int value) =>
        throw new ArtifactFormatException(map.Memory.Source, null, $"an item is said to be number {value} of {map.Length}. The file is damaged.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Score(ReadOnlySpan<float> query, byte* row, int position, ScoreFunction scoreFunction)
    {
        if (bases.Length > 0)
        {
            return ScoreRelative(query, (sbyte*)row, position, scoreFunction);
        }

        if (scoreFunction != ScoreFunction.NegatedSquaredL2)
        {
            var product = Sum<ProductTerm>(query, row, 1);
            return factors.Length > 0 ? product * factors[position] : product;
        }

        // Differences need the step of 8-bit codes in every component.
        return 0f - Sum<SquaredDifferenceTerm>(query, row, format == RescoringFormat.Int8 ? factors[position] : 1);
    }

    // A cosine is taken from the distance of two vectors of unit length: what 8 bits lost is then met by what the two differ in, not by all of the
    // query, and near neighbours are told apart that differ by less than a step.
    private float ScoreRelative(ReadOnlySpan<float> query, sbyte* row, int position, ScoreFunction scoreFunction)
    {
        fixed (float* vector = query)
        {
            var origin = BaseOf(position);
            var step = factors[position];
            return scoreFunction switch
            {
                ScoreFunction.Dot => NarrowPairSums.Sum<ProductTerm>(vector, origin, row, step, query.Length),
                ScoreFunction.Cosine =>
                    lengths[position] > 0 ? 1 - (0.5f * NarrowPairSums.Sum<SquaredDifferenceTerm>(vector, origin, row, step, query.Length)) : 0,
                _ => 0f - NarrowPairSums.Sum<SquaredDifferenceTerm>(vector, origin, row, step, query.Length),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Sum<TTerm>(ReadOnlySpan<float> query, byte* row, float step)
        where TTerm : struct, IPairTerm
    {
        if (format == RescoringFormat.Float32)
        {
            return PairSums.One<TTerm>(query, new ReadOnlySpan<float>(row, query.Length));
        }

        fixed (float* vector = query)
        {
            return format == RescoringFormat.Bfloat16
                ? NarrowPairSums.Sum<TTerm>(vector, (ushort*)row, query.Length)
                : NarrowPairSums.Sum<TTerm>(vector, (sbyte*)row, step, query.Length);
        }
    }
}
