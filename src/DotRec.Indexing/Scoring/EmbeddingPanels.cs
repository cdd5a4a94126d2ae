using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Item embeddings in the layout that <see cref="PanelKernels"/> reads, in memory and in files: panels of 64 rows, dimension-major, the last
/// one filled up with zeros; and for the cosine one inverse length a row.
/// </summary>
internal sealed class EmbeddingPanels(Section<float> values, Section<float> scales, int count, int dimension)
{
    /// <summary>Largest width D: a panel stays addressable as one span.</summary>
    public const int MaxDimension = 1 << 20;

    public Section<float> Values => values;

    /// <summary>One factor a row, padded to whole panels; empty unless the score function is the cosine.</summary>
    public Section<float> Scales => scales;

    public int Count => count;

    public int Dimension => dimension;

    public int PanelCount => CountPanels(count);

    /// <summary>Panels for so many rows.</summary>
    public static int CountPanels(int rows) => (int)(((long)rows + PanelKernels.Rows - 1) / PanelKernels.Rows);

    /// <summary>Checks the shape every index needs.</summary>
    public static void Check(int dimension, ScoreFunction scoreFunction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, MaxDimension);
        if (!Enum.IsDefined(scoreFunction))
        {
            throw new ArgumentOutOfRangeException(nameof(scoreFunction), scoreFunction, "There is no such score function.");
        }
    }

    /// <summary>Packs embeddings [N, D], in parallel.</summary>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    public static EmbeddingPanels Pack(ReadOnlySpan<float> embeddings, int dimension, ScoreFunction scoreFunction)
    {
        var panels = Allocate(embeddings.Length / dimension, dimension, scoreFunction);
        panels.PackRows(embeddings, 0);
        return panels;
    }

    /// <summary>Zeroed panels for so many rows.</summary>
    public static EmbeddingPanels Allocate(int count, int dimension, ScoreFunction scoreFunction)
    {
        var padded = (long)CountPanels(count) * PanelKernels.Rows;
        return new EmbeddingPanels(
            AllocatedMemory.New<float>(padded * dimension),
            AllocatedMemory.New<float>(scoreFunction == ScoreFunction.Cosine ? padded : 0),
            count,
            dimension);
    }

    /// <summary>The first rows of these panels.</summary>
    public EmbeddingPanels First(int rows) => new(values, scales, rows, dimension);

    /// <summary>Fills the panels with rows [Count, D], in parallel, after checking them.</summary>
    /// <param name="rows">Row-major.</param>
    /// <param name="firstRow">Number of the first row, for messages.</param>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    public unsafe void PackRows(ReadOnlySpan<float> rows, long firstRow)
    {
        fixed (float* start = rows)
        {
            Parallelism.For(PanelCount, new PackBody(this, start, firstRow));
        }
    }

    /// <summary>Copies one row out.</summary>
    public void CopyRow(int row, Span<float> destination)
    {
        var first = ((long)(row / PanelKernels.Rows) * PanelKernels.Rows * dimension) + (row % PanelKernels.Rows);
        for (var j = 0; j < dimension; j++)
        {
            destination[j] = values[first + ((long)j * PanelKernels.Rows)];
        }
    }

    private void PackPanel(int panel, ReadOnlySpan<float> rows, long firstRow)
    {
        var packed = values.Span((long)panel * PanelKernels.Rows * dimension, PanelKernels.Rows * dimension);
        PanelKernels.Pack(rows, dimension, packed);
        Span<double> squares = stackalloc double[PanelKernels.Rows];
        PanelKernels.SquaredLengths(packed, squares);
        for (var row = 0; row < rows.Length / dimension; row++)
        {
            EmbeddingLength.Check(rows.Slice(row * dimension, dimension), squares[row], "Row", firstRow + row, "embeddings");
        }

        if (scales.Length > 0)
        {
            var factors = scales.Span((long)panel * PanelKernels.Rows, PanelKernels.Rows);
            for (var row = 0; row < factors.Length; row++)
            {
                factors[row] = (float)EmbeddingLength.Inverse(squares[row]);
            }
        }
    }

    private readonly unsafe struct PackBody(EmbeddingPanels panels, float* embeddings, long firstRow) : IParallelBody
    {
        public void Run(int part)
        {
            var row = part * PanelKernels.Rows;
            var count = Math.Min(PanelKernels.Rows, panels.Count - row);
            var rows = new ReadOnlySpan<float>(embeddings + ((long)row * panels.Dimension), count * panels.Dimension);
            panels.PackPanel(part, rows, firstRow + row);
        }
    }
}
