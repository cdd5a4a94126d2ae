using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// The second centroid of each point by SOAR (Sun et al. 2023): near, and with an error unlike the first one's. It minimises
/// |x − c|² + λ⟨r̂, x − c⟩² over all c but the first, r̂ being the direction of the first error.
/// </summary>
internal static unsafe class SpillCentroid
{
    /// <summary>Finds the second centroid of every point; of equals the lowest. Runs on one thread.</summary>
    /// <param name="centroids">P of them, at least two.</param>
    /// <param name="points">[N, D], row-major, finite.</param>
    /// <param name="directions">[N, D]: r̂, or zeros.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <param name="first">[N]: the first centroid.</param>
    /// <param name="second">[N], written.</param>
    public static void Find(
        CentroidPanels centroids, ReadOnlySpan<float> points, ReadOnlySpan<float> directions, float lambda, ReadOnlySpan<int> first, Span<int> second)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                Find<GemmAvx512>(centroids, points, directions, lambda, first, second);
                break;
            case InstructionSet.Avx2:
                Find<GemmAvx2>(centroids, points, directions, lambda, first, second);
                break;
            default:
                Find<GemmPortable>(centroids, points, directions, lambda, first, second);
                break;
        }
    }

    public static void Find<TKernel>(
        CentroidPanels centroids, ReadOnlySpan<float> points, ReadOnlySpan<float> directions, float lambda, ReadOnlySpan<int> first, Span<int> second)
        where TKernel : struct, IGemmKernel
    {
        int dimension = centroids.Dimension, steps = dimension + 1, columns = TKernel.TileColumns;
        Require.Matrix(points, first.Length, dimension);
        Require.Matrix(directions, first.Length, dimension);
        Require.SameLength(first.Length, second.Length);
        nint panelLength = columns * steps, tileLength = TKernel.TileRows * columns;
        using var scratch = new Scratch(2 * (panelLength + tileLength));
        float* panel = scratch.Pointer, directionPanel = panel + panelLength;
        float* tile = directionPanel + panelLength, directionTile = tile + tileLength;
        var state = stackalloc float[2 * columns];
        var rows = stackalloc int[2 * columns];
        var columnStates = new Columns(columns, state, rows);
        fixed (float* pointSource = points, directionSource = directions)
        {
            for (var start = 0; start < first.Length; start += columns)
            {
                var lines = Math.Min(columns, first.Length - start);
                var offset = (nint)start * dimension;
                GemmPacking.PackPanel(pointSource + offset, dimension, 1, lines, dimension, columns, panel);
                GemmPacking.PackPanel(directionSource + offset, dimension, 1, lines, dimension, columns, directionPanel);
                new Span<float>(panel + (columns * dimension), columns).Fill(1);
                new Span<float>(directionPanel + (columns * dimension), columns).Clear();
                columnStates.Begin(first.Slice(start, lines), points.Slice(start * dimension), directions.Slice(start * dimension), dimension);
                for (var row = 0; row < centroids.PanelCount; row++)
                {
                    TKernel.Tile(centroids.Panel(row), 1, TKernel.TileRows, panel, columns, steps, tile, columns, accumulate: false);
                    TKernel.Tile(centroids.Panel(row), 1, TKernel.TileRows, directionPanel, columns, steps, directionTile, columns, accumulate: false);
                    columnStates.Keep(tile, directionTile, lambda * 0.5f, centroids.Rows(row), row * TKernel.TileRows);
                }

                columnStates.BestRows(lines).CopyTo(second[start..]);
            }
        }
    }

    // For each column: ⟨r̂, x⟩, the greatest score so far, the centroid it belongs to, and the first centroid.
    private readonly struct Columns(int count, float* state, int* rows)
    {
        public ReadOnlySpan<int> BestRows(int lines) => new(rows, lines);

        public void Begin(ReadOnlySpan<int> first, ReadOnlySpan<float> points, ReadOnlySpan<float> directions, int dimension)
        {
            new Span<float>(state + count, count).Fill(float.NegativeInfinity);
            for (var column = 0; column < first.Length; column++)
            {
                // The answer where no score is finite.
                rows[column] = first[column] == 0 ? 1 : 0;
                state[column] = DotKernels.Dot(points.Slice(column * dimension, dimension), directions.Slice(column * dimension, dimension));
                rows[count + column] = first[column];
            }
        }

        // Score: ⟨x, c⟩ − |c|²/2 − (λ/2)·(⟨r̂, x⟩ − ⟨r̂, c⟩)².
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Keep(float* tile, float* directionTile, float halfLambda, int tileRows, int firstRow)
        {
            for (var column = 0; column < count; column += 8)
            {
                var along = Vector256.Load(state + column);
                var best = Vector256.Load(state + count + column);
                var bestRow = Vector256.Load(rows + column);
                var excluded = Vector256.Load(rows + count + column);
                for (var row = 0; row < tileRows; row++)
                {
                    var at = (row * count) + column;
                    var error = along - Vector256.Load(directionTile + at);
                    var score = Vector256.Load(tile + at) - (error * error * halfLambda);
                    var index = Vector256.Create(firstRow + row);
                    var better = Vector256.AndNot(Vector256.GreaterThan(score, best).AsInt32(), Vector256.Equals(index, excluded));
                    best = Vector256.ConditionalSelect(better.AsSingle(), score, best);
                    bestRow = Vector256.ConditionalSelect(better, index, bestRow);
                }

                best.Store(state + count + column);
                bestRow.Store(rows + column);
            }
        }
    }
}
