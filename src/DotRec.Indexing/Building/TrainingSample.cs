using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Rows to learn from: one drawn from each of equal stretches of the corpus, so they are distinct and read in order.</summary>
internal static class TrainingSample
{
    private const int RowsPerPart = 512;

    /// <summary>Numbers of at most <paramref name="limit"/> rows, ascending.</summary>
    public static int[] Rows(int count, int limit, SeededRandom random)
    {
        var rows = new int[Math.Min(count, limit)];
        for (var i = 0; i < rows.Length; i++)
        {
            var start = (int)((long)i * count / rows.Length);
            var end = (int)((i + 1L) * count / rows.Length);
            rows[i] = start + random.NextInt(end - start);
        }

        return rows;
    }

    /// <summary>Copies rows as they are partitioned, [rows, D], to memory that the caller gives back: far too much to leave to the collector.</summary>
    public static Section<float> Copy(CodedRows source, int[] rows)
    {
        var dimension = source.PlainDimension;
        var values = AllocatedMemory.New<float>((long)rows.Length * dimension);
        Parallelism.ForRanges(rows.Length, RowsPerPart, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                source.CopyPlain(rows[i], values.Span((long)i * dimension, dimension));
            }
        });
        return values;
    }
}
