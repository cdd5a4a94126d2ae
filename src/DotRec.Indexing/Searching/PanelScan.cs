using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Scores a block of queries against a run of panels, exactly, and offers what beats each query's threshold.</summary>
internal static unsafe class PanelScan
{
    // Panels of scores live on the stack, moved up to the next cache line.
    private const int ScoreBytes = PanelKernels.Queries * PanelKernels.Rows * sizeof(float);

    // A word is the rows of a panel.
    private const int FilterWords = 64;

    /// <summary>Scans panels first … end − 1.</summary>
    /// <param name="panels">The embeddings; the caller holds their memory.</param>
    /// <param name="first">First panel.</param>
    /// <param name="end">Panel to stop before.</param>
    /// <param name="firstRow">Row number of the first row of panel 0; a multiple of 64.</param>
    /// <param name="filter">Rows that may be returned, or null.</param>
    /// <param name="block">The queries.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="instructionSet">Which kernels to use: every one gives the same scores.</param>
    public static void Run(
        EmbeddingPanels panels, int first, int end, int firstRow, ItemFilter? filter, QueryBlock block, ScoreFunction scoreFunction,
        InstructionSet instructionSet)
    {
        switch (instructionSet)
        {
            case InstructionSet.Avx512:
                Run<PanelAvx512>(panels, first, end, firstRow, filter, block, scoreFunction);
                break;
            case InstructionSet.Avx2:
                Run<PanelAvx2>(panels, first, end, firstRow, filter, block, scoreFunction);
                break;
            default:
                Run<PanelPortable>(panels, first, end, firstRow, filter, block, scoreFunction);
                break;
        }
    }

    private static void Run<TKernel>(
        EmbeddingPanels panels, int first, int end, int firstRow, ItemFilter? filter, QueryBlock block, ScoreFunction scoreFunction)
        where TKernel : struct, IPanelKernel
    {
        switch (scoreFunction)
        {
            case ScoreFunction.Dot:
                Run<TKernel, DotScore>(panels, first, end, firstRow, filter, block);
                break;
            case ScoreFunction.Cosine:
                Run<TKernel, ScaledDotScore>(panels, first, end, firstRow, filter, block);
                break;
            default:
                Run<TKernel, NegatedSquaredL2Score>(panels, first, end, firstRow, filter, block);
                break;
        }
    }

    [SkipLocalsInit]
    private static void Run<TKernel, TScore>(EmbeddingPanels panels, int first, int end, int firstRow, ItemFilter? filter, QueryBlock block)
        where TKernel : struct, IPanelKernel
        where TScore : struct, IPanelScore
    {
        var dimension = panels.Dimension;
        var buffer = stackalloc byte[ScoreBytes + IndexMemory.Alignment];
        var scores = (float*)(((nint)buffer + IndexMemory.Alignment - 1) & -IndexMemory.Alignment);
        var above = stackalloc ulong[PanelKernels.Queries];
        Span<ulong> allowedRows = stackalloc ulong[FilterWords];

        // The block's arrays are pinned for good; fixed would cost a local each and change nothing.
        var queries = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(block.Vectors));
        var thresholds = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(block.Thresholds));
        for (var panel = first; panel < end; panel++)
        {
            // The last panel may hold fewer rows.
            var allowed = LowestBits.Of(panels.Count - (panel * PanelKernels.Rows));
            if (filter is not null)
            {
                if ((panel - first) % FilterWords == 0)
                {
                    filter.CopyWords((firstRow / PanelKernels.Rows) + panel, allowedRows[..Math.Min(FilterWords, end - panel)]);
                }

                allowed &= allowedRows[(panel - first) % FilterWords];
            }

            if (allowed == 0)
            {
                continue;
            }

            var rows = panels.Values.Pointer((long)panel * PanelKernels.Rows * dimension, (long)PanelKernels.Rows * dimension);
            var scales = panels.Scales.Length > 0 ? panels.Scales.Pointer((long)panel * PanelKernels.Rows, PanelKernels.Rows) : null;
            var row = firstRow + (panel * PanelKernels.Rows);
            var query = 0;
            for (; query + PanelKernels.Queries <= block.Count; query += PanelKernels.Queries)
            {
                TKernel.ScoreFour<TScore>(queries + ((long)query * dimension), dimension, rows, scales, thresholds + query, scores, above);
                for (var i = 0; i < PanelKernels.Queries; i++)
                {
                    Offer(block, query + i, above[i] & allowed, scores + (i * PanelKernels.Rows), row);
                }
            }

            for (; query < block.Count; query++)
            {
                var hits = TKernel.ScoreOne<TScore>(queries + ((long)query * dimension), dimension, rows, scales, thresholds[query], scores);
                Offer(block, query, hits & allowed, scores, row);
            }
        }
    }

    private static void Offer(QueryBlock block, int query, ulong hits, float* scores, int firstRow)
    {
        if (hits != 0)
        {
            block.Offer(query, hits, new ReadOnlySpan<float>(scores, PanelKernels.Rows), firstRow);
        }
    }
}
