using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// The nearest of many centroids for many points: the tiles of a matrix product, of which only each column's greatest value is kept. Points
/// are the columns, so a vector holds one centroid's scores of several points and nothing is ever compared across lanes.
/// </summary>
internal static unsafe class NearestCentroid
{
    /// <summary>Finds the centroid with the greatest ⟨x, c⟩ − |c|²/2, which is the one nearest to x; of equals the lowest. Runs on one thread.</summary>
    /// <param name="centroids">P of them, at least one.</param>
    /// <param name="points">[N, D], row-major, finite.</param>
    /// <param name="nearest">[N], written.</param>
    /// <param name="scores">[N], written: the greatest value; |x|² − 2 · score is the squared distance.</param>
    /// <remarks>A score is one chain of multiply-adds over the dimensions: the same bits for any N, and in every variant that can fuse.</remarks>
    public static void Find(CentroidPanels centroids, ReadOnlySpan<float> points, Span<int> nearest, Span<float> scores)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                Find<GemmAvx512>(centroids, points, nearest, scores);
                break;
            case InstructionSet.Avx2:
                Find<GemmAvx2>(centroids, points, nearest, scores);
                break;
            default:
                Find<GemmPortable>(centroids, points, nearest, scores);
                break;
        }
    }

    public static void Find<TKernel>(CentroidPanels centroids, ReadOnlySpan<float> points, Span<int> nearest, Span<float> scores)
        where TKernel : struct, IGemmKernel
    {
        int dimension = centroids.Dimension, steps = dimension + 1, columns = TKernel.TileColumns;
        Require.Matrix(points, nearest.Length, dimension);
        Require.SameLength(nearest.Length, scores.Length);
        using var scratch = new Scratch(((long)columns * steps) + (TKernel.TileRows * columns));
        var panel = scratch.Pointer;
        var tile = panel + ((nint)columns * steps);
        var best = stackalloc float[columns];
        var bestRow = stackalloc int[columns];
        fixed (float* source = points)
        {
            for (var first = 0; first < nearest.Length; first += columns)
            {
                var lines = Math.Min(columns, nearest.Length - first);
                GemmPacking.PackPanel(source + ((nint)first * dimension), dimension, 1, lines, dimension, columns, panel);
                new Span<float>(panel + ((nint)columns * dimension), columns).Fill(1);
                new Span<float>(best, columns).Fill(float.NegativeInfinity);
                new Span<int>(bestRow, columns).Clear();
                for (var row = 0; row < centroids.PanelCount; row++)
                {
                    TKernel.Tile(centroids.Panel(row), 1, TKernel.TileRows, panel, columns, steps, tile, columns, accumulate: false);
                    KeepMax(tile, centroids.Rows(row), columns, row * TKernel.TileRows, best, bestRow);
                }

                new Span<int>(bestRow, lines).CopyTo(nearest[first..]);
                new Span<float>(best, lines).CopyTo(scores[first..]);
            }
        }
    }

    /// <summary>Takes the rows of a tile into the running greatest value of each column; a later row must be strictly greater.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KeepMax(float* tile, int rows, int columns, int firstRow, float* best, int* bestRow)
    {
        var column = 0;
        for (; Vector512.IsHardwareAccelerated && column + 16 <= columns; column += 16)
        {
            var values = Vector512.Load(best + column);
            var indices = Vector512.Load(bestRow + column);
            for (var row = 0; row < rows; row++)
            {
                var candidates = Vector512.Load(tile + (row * columns) + column);
                var greater = Vector512.GreaterThan(candidates, values);
                values = Vector512.ConditionalSelect(greater, candidates, values);
                indices = Vector512.ConditionalSelect(greater.AsInt32(), Vector512.Create(firstRow + row), indices);
            }

            values.Store(best + column);
            indices.Store(bestRow + column);
        }

        for (; column + 8 <= columns; column += 8)
        {
            var values = Vector256.Load(best + column);
            var indices = Vector256.Load(bestRow + column);
            for (var row = 0; row < rows; row++)
            {
                var candidates = Vector256.Load(tile + (row * columns) + column);
                var greater = Vector256.GreaterThan(candidates, values);
                values = Vector256.ConditionalSelect(greater, candidates, values);
                indices = Vector256.ConditionalSelect(greater.AsInt32(), Vector256.Create(firstRow + row), indices);
            }

            values.Store(best + column);
            indices.Store(bestRow + column);
        }
    }
}
