using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Scores every item: always the best items. One search reads all embeddings once, 4·N·D bytes, at the speed of memory; a batch reads them
/// once for 32 to 64 queries and runs on all processors.
/// </summary>
/// <remarks>
/// A score has the same bits in a single search and in a batch, at any thread count, after saving and loading, in
/// <see cref="StreamingIndex"/>, and on every processor that fuses multiply and add (all x86-64 with AVX2, all Arm64). Equal scores are
/// ordered by row. A warm single search allocates nothing and runs on the calling thread.
/// </remarks>
public sealed class BruteForceIndex : IItemIndex
{
    internal BruteForceIndex(EmbeddingPanels panels, ItemIds ids, ScoreFunction scoreFunction, InstructionSet instructionSet)
    {
        Panels = panels;
        Ids = ids;
        ScoreFunction = scoreFunction;
        InstructionSet = instructionSet;
    }

    /// <inheritdoc/>
    public int Count => Panels.Count;

    /// <inheritdoc/>
    public int Dimension => Panels.Dimension;

    /// <inheritdoc/>
    public ScoreFunction ScoreFunction { get; }

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public ItemIds Ids { get; }

    internal EmbeddingPanels Panels { get; }

    internal InstructionSet InstructionSet { get; }

    /// <summary>Builds an index over item embeddings; they are copied.</summary>
    /// <param name="embeddings">Shape [N, D], N being the number of ids: finite numbers, no row longer than 2^62.</param>
    /// <param name="ids">The items' ids, at least one. For row numbers as ids, or for no items, give the dimension instead.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <exception cref="ArgumentException">The embeddings are no whole number a row, or a row holds NaN or infinity or is too long.</exception>
    public static BruteForceIndex Build(ReadOnlySpan<float> embeddings, ItemIds ids, ScoreFunction scoreFunction = ScoreFunction.Dot)
    {
        var dimension = BuildArguments.DimensionOf(embeddings, ids);
        return Build(embeddings, dimension, ids, scoreFunction);
    }

    /// <summary>Builds an index over item embeddings of a given width; they are copied.</summary>
    /// <param name="embeddings">Shape [N, D]: finite numbers, no row longer than 2^62. May be empty.</param>
    /// <param name="dimension">D, 1 to 1,048,576.</param>
    /// <param name="ids">The items' ids; null for row numbers.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <exception cref="ArgumentException">The embeddings are not D values an id, or a row holds NaN or infinity or is too long.</exception>
    public static BruteForceIndex Build(
        ReadOnlySpan<float> embeddings, int dimension, ItemIds? ids = null, ScoreFunction scoreFunction = ScoreFunction.Dot)
        => Build(embeddings, dimension, ids, scoreFunction, KernelSelection.Current);

    /// <inheritdoc/>
    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.Check(this, query, filter);
        using var hold = Panels.Values.Memory.Hold();
        using var scalesHold = Panels.Scales.Memory.Hold();
        var block = QueryBlock.Rent(Count, Dimension, ScoreFunction, results.Length);
        block.Add(query, -1, excludedRows);
        if (!results.IsEmpty)
        {
            PanelScan.Run(Panels, 0, Panels.PanelCount, 0, filter, block, ScoreFunction, InstructionSet);
        }

        var count = block.CopyBest(0, results);
        block.Return();
        return count;
    }

    /// <inheritdoc/>
    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null)
    {
        var queryCount = SearchArguments.Check(this, queries, k, results, counts, filter, excludedRows);
        using var hold = Panels.Values.Memory.Hold();
        using var scalesHold = Panels.Scales.Memory.Hold();
        PanelBatch.Search(this, queries, queryCount, k, results, counts, filter, excludedRows);
    }

    /// <inheritdoc/>
    public void CopyEmbedding(int row, Span<float> destination)
    {
        SearchArguments.Check(this, row, destination);
        using var hold = Panels.Values.Memory.Hold();
        Panels.CopyRow(row, destination);
    }

    /// <inheritdoc/>
    public void Save(string path) => BruteForceFile.Write(path, this);

    /// <inheritdoc/>
    public void Dispose()
    {
        Panels.Values.Memory.Dispose();
        Panels.Scales.Memory.Dispose();
    }

    internal static BruteForceIndex Build(
        ReadOnlySpan<float> embeddings, int dimension, ItemIds? ids, ScoreFunction scoreFunction, InstructionSet instructionSet)
    {
        var count = BuildArguments.CountOf(embeddings, dimension, scoreFunction);
        if (ids is not null && ids.Count != count)
        {
            throw new ArgumentException($"There are {ids.Count} ids and {count} embeddings; every item needs one of each.", nameof(ids));
        }

        return new BruteForceIndex(EmbeddingPanels.Pack(embeddings, dimension, scoreFunction), ids ?? ItemIds.Range(count), scoreFunction, instructionSet);
    }
}
