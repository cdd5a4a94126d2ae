namespace DotRec.Kernels;

/// <summary>
/// Centroids packed as the left operand of a product with points. Each carries one more step, −|c|²/2, to be met by a 1 in every point: the
/// product is then ⟨x, c⟩ − |c|²/2, greatest for the nearest centroid.
/// </summary>
internal sealed unsafe class CentroidPanels
{
    private readonly float[] _values;

    private CentroidPanels(int count, int dimension, int tileRows)
    {
        Count = count;
        Dimension = dimension;
        TileRows = tileRows;
        _values = GC.AllocateUninitializedArray<float>(checked(PanelCount * tileRows * (dimension + 1)), pinned: true);
    }

    /// <summary>Number of centroids.</summary>
    public int Count { get; }

    /// <summary>Their width, without the added step.</summary>
    public int Dimension { get; }

    /// <summary>Rows of a panel; the last one may be filled up.</summary>
    public int TileRows { get; }

    public int PanelCount => GemmBlocking.Ceiling(Count, TileRows);

    /// <summary>Packs row-major centroids for the kernels in use.</summary>
    public static CentroidPanels Pack(ReadOnlySpan<float> centroids, int dimension) => KernelSelection.Current switch
    {
        InstructionSet.Avx512 => Pack<GemmAvx512>(centroids, dimension),
        InstructionSet.Avx2 => Pack<GemmAvx2>(centroids, dimension),
        _ => Pack<GemmPortable>(centroids, dimension),
    };

    public static CentroidPanels Pack<TKernel>(ReadOnlySpan<float> centroids, int dimension)
        where TKernel : struct, IGemmKernel
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Require.Matrix(centroids, centroids.Length / dimension, dimension);
        var panels = new CentroidPanels(centroids.Length / dimension, dimension, TKernel.TileRows);
        fixed (float* source = centroids)
        {
            for (var panel = 0; panel < panels.PanelCount; panel++)
            {
                panels.PackPanel(source, panel);
            }
        }

        return panels;
    }

    /// <summary>How many centroids a panel holds.</summary>
    public int Rows(int panel) => Math.Min(TileRows, Count - (panel * TileRows));

    /// <summary>The first value of a panel; the array behind it is pinned.</summary>
    public float* Panel(int panel) =>
        (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _values[panel * TileRows * (Dimension + 1)]);

    private void PackPanel(float* centroids, int panel)
    {
        var first = panel * TileRows;
        var lines = Rows(panel);
        var target = Panel(panel);
        GemmPacking.PackPanel(centroids + ((nint)first * Dimension), Dimension, 1, lines, Dimension, TileRows, target);
        var added = target + ((nint)Dimension * TileRows);
        for (var line = 0; line < TileRows; line++)
        {
            added[line] = line < lines ? -HalfSquare(new ReadOnlySpan<float>(centroids + ((nint)(first + line) * Dimension), Dimension)) : 0;
        }
    }

    private static float HalfSquare(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += (double)value * value;
        }

        return (float)(0.5 * sum);
    }
}
