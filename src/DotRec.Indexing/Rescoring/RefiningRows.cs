using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Projected items in 8 bits a component, by position: the sieve between codes and whole rows. Each row is the step of its codes and the value of
/// its added dimension (0 where there is none), two float32, then the codes of its projection less the mean of all, filled up to a multiple of 16.
/// </summary>
/// <param name="values">The mean, c float32 filled up to 16; then [N, <see cref="RowBytes"/>].</param>
/// <param name="count">N.</param>
/// <param name="dimension">c.</param>
internal sealed unsafe class RefiningRows(Section<byte> values, int count, int dimension)
{
    private const int HeadBytes = 2 * sizeof(float);
    private const int RowsPerPart = 1024;

    // Rows are asked of memory this many candidates ahead.
    private const int PrefetchDistance = 24;

    private readonly int _rowBytes = RowBytes(dimension);

    public Section<byte> Values => values;

    /// <summary>c.</summary>
    public int Dimension => dimension;

    /// <summary>What is taken away of every row: [c].</summary>
    public Span<float> Mean => MemoryMarshal.Cast<byte, float>(values.Span(0, dimension * sizeof(float)));

    private long FirstRow => Padded(dimension) * sizeof(float);

    /// <summary>Bytes of a row.</summary>
    public static int RowBytes(int dimension) => HeadBytes + Padded(dimension);

    /// <summary>Bytes of the mean and all rows.</summary>
    public static long Length(int count, int dimension) => (Padded(dimension) * sizeof(float)) + ((long)count * RowBytes(dimension));

    /// <summary>c, filled up.</summary>
    public static int Padded(int dimension) => (dimension + ShortProducts.Step - 1) / ShortProducts.Step * ShortProducts.Step;

    /// <summary>Rounds projected rows, in parallel.</summary>
    /// <param name="rows">The items.</param>
    /// <param name="order">[N]: the row at each position.</param>
    /// <param name="values">Where to, zeros.</param>
    public static RefiningRows Pack(CodedRows rows, ReadOnlySpan<int> order, Section<byte> values)
    {
        var packed = new RefiningRows(values, rows.Count, rows.PlainDimension);
        var numbers = order.ToArray();
        FindMean(rows, packed.Mean);
        Parallelism.ForRanges(rows.Count, RowsPerPart, (start, end) =>
        {
            var row = new float[rows.PlainDimension];
            for (var position = start; position < end; position++)
            {
                rows.CopyPlain(numbers[position], row);
                packed.Write(position, row, rows.LiftValueOf(numbers[position]));
            }
        });
        return packed;
    }

    /// <summary>Room for rows that are relative to the same mean.</summary>
    public RefiningRows Room(int capacity)
    {
        var room = new RefiningRows(AllocatedMemory.New<byte>(Length(capacity, dimension)), capacity, dimension);
        Mean.CopyTo(room.Mean);
        return room;
    }

    /// <summary>Copies the first rows into a larger room.</summary>
    public void CopyTo(RefiningRows larger, int rows) => Buffer.MemoryCopy(
        values.Pointer(0, FirstRow + ((long)rows * _rowBytes)), larger.Values.Pointer(0, 0), larger.Values.Length, FirstRow + ((long)rows * _rowBytes));

    /// <summary>Rounds a row to its place.</summary>
    /// <param name="position">The place.</param>
    /// <param name="row">[c], the projection; used up.</param>
    /// <param name="liftValue">The value of the added dimension.</param>
    public void Write(int position, Span<float> row, float liftValue)
    {
        var mean = Mean;
        for (var j = 0; j < row.Length; j++)
        {
            row[j] -= mean[j];
        }

        var target = values.Span(FirstRow + ((long)position * _rowBytes), _rowBytes);
        var head = MemoryMarshal.Cast<byte, float>(target[..HeadBytes]);
        head[0] = (float)RowFormat.Encode(row, MemoryMarshal.Cast<byte, sbyte>(target.Slice(HeadBytes, dimension)));
        head[1] = liftValue;
    }

    /// <summary>Scores candidates, but for what is the same for all of them.</summary>
    /// <param name="query">[c, filled up]: the query's projection in units of 1 / <see cref="ShortProducts.One"/> of its length.</param>
    /// <param name="queryValue">Its added dimension, in units of the same length; 0 where there is none.</param>
    /// <param name="candidates">Positions, each of which is one.</param>
    /// <param name="scores">[candidates], written.</param>
    public void Score(ReadOnlySpan<short> query, float queryValue, ReadOnlySpan<int> candidates, Span<float> scores)
    {
        fixed (short* vector = query)
        {
            switch (KernelSelection.Current)
            {
                case InstructionSet.Avx512:
                    Score<ShortProductAvx512>(vector, queryValue, candidates, scores);
                    break;
                case InstructionSet.Avx2:
                    Score<ShortProductAvx2>(vector, queryValue, candidates, scores);
                    break;
                default:
                    Score<ShortProductPortable>(vector, queryValue, candidates, scores);
                    break;
            }
        }
    }

    private static void FindMean(CodedRows rows, Span<float> mean)
    {
        var parts = new double[(rows.Count + RowsPerPart - 1) / RowsPerPart][];
        Parallelism.For(parts.Length, part =>
        {
            var (sum, row) = (new double[rows.PlainDimension], new float[rows.PlainDimension]);
            for (var i = part * RowsPerPart; i < Math.Min(rows.Count, (part + 1) * RowsPerPart); i++)
            {
                rows.CopyPlain(i, row);
                for (var j = 0; j < sum.Length; j++)
                {
                    sum[j] += row[j];
                }
            }

            parts[part] = sum;
        });

        // Parts are summed in their order: the same bits at any thread count.
        for (var j = 0; j < mean.Length; j++)
        {
            mean[j] = (float)(parts.Sum(sum => sum[j]) / rows.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score<TKernel>(short* query, float queryValue, ReadOnlySpan<int> candidates, Span<float> scores)
        where TKernel : struct, IShortProductKernel
    {
        var length = Padded(dimension);
        var ahead = new RowsAhead(values.Pointer(FirstRow, (long)count * _rowBytes), _rowBytes, PrefetchDistance, candidates);
        for (var i = 0; i < candidates.Length; i++)
        {
            var row = ahead.Read(i);
            var head = (float*)row;
            var product = TKernel.Row(query, (sbyte*)row + HeadBytes, length);
            scores[i] = (product * (head[0] / ShortProducts.One)) + (head[1] * queryValue);
        }
    }
}
