using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Exact search over embeddings that need not fit in memory: every search reads the source once from its beginning. Ask in batches.
/// </summary>
/// <remarks>
/// The answers are those of <see cref="BruteForceIndex"/> over the same rows, bit for bit. Searches keep no state in the index: any number
/// may run at the same time if the source can be enumerated by several readers at the same time. The source is read on the calling thread;
/// packing and scoring use all processors. A source that computes its embeddings gives fresh ones to every search.
/// </remarks>
public sealed class StreamingIndex : IItemIndex
{
    private readonly IEnumerable<ReadOnlyMemory<float>> _batches;

    internal StreamingIndex(IEnumerable<ReadOnlyMemory<float>> batches, int dimension, ItemIds? ids, ScoreFunction scoreFunction)
    {
        _batches = batches;
        Dimension = dimension;
        ScoreFunction = scoreFunction;
        Ids = ids ?? ItemIds.Range(CountRows());
    }

    /// <inheritdoc/>
    public int Count => Ids.Count;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public ScoreFunction ScoreFunction { get; }

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public ItemIds Ids { get; }

    internal InstructionSet InstructionSet { get; init; } = KernelSelection.Current;

    /// <summary>An index over a source of embedding batches.</summary>
    /// <param name="batches">
    /// Batches of embeddings, [B, D] each, of any sizes; a batch need stay valid only until the next is asked for. Every enumeration must
    /// give the same number of rows.
    /// </param>
    /// <param name="dimension">D, 1 to 1,048,576.</param>
    /// <param name="ids">The items' ids, in the order of the rows; null for row numbers, which takes one pass to count the rows.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    public static StreamingIndex Over(
        IEnumerable<ReadOnlyMemory<float>> batches, int dimension, ItemIds? ids = null, ScoreFunction scoreFunction = ScoreFunction.Dot)
    {
        ArgumentNullException.ThrowIfNull(batches);
        EmbeddingPanels.Check(dimension, scoreFunction);
        return new StreamingIndex(batches, dimension, ids, scoreFunction);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The source gives another number of rows than the index has ids.</exception>
    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.Check(this, query, filter);
        var block = QueryBlock.Rent(Count, Dimension, ScoreFunction, results.Length);
        block.Add(query, -1, excludedRows);
        if (!results.IsEmpty)
        {
            Scan([block], filter);
        }

        var count = block.CopyBest(0, results);
        block.Return();
        return count;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The source gives another number of rows than the index has ids.</exception>
    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null)
    {
        var queryCount = SearchArguments.Check(this, queries, k, results, counts, filter, excludedRows);
        var blocks = new QueryBlock[(queryCount + QueryBlock.Capacity - 1) / QueryBlock.Capacity];
        for (var query = 0; query < queryCount; query++)
        {
            var block = blocks[query / QueryBlock.Capacity] ??= QueryBlock.Rent(Count, Dimension, ScoreFunction, k);
            block.Add(queries.Slice(query * Dimension, Dimension), query, excludedRows?[query]);
        }

        if (queryCount > 0)
        {
            Scan(blocks, filter);
        }

        for (var query = 0; query < queryCount; query++)
        {
            counts[query] = blocks[query / QueryBlock.Capacity].CopyBest(query % QueryBlock.Capacity, results.Slice(query * k, k));
        }
    }

    /// <summary>Reads the source up to the row and copies its embedding to <paramref name="destination"/>, shape [D].</summary>
    /// <exception cref="InvalidOperationException">The source ends before the row.</exception>
    public void CopyEmbedding(int row, Span<float> destination)
    {
        SearchArguments.Check(this, row, destination);
        var first = 0L;
        foreach (var batch in Batches())
        {
            var rows = batch.Length / Dimension;
            if (row < first + rows)
            {
                batch.Span.Slice((int)(row - first) * Dimension, Dimension).CopyTo(destination);
                return;
            }

            first += rows;
        }

        throw new InvalidOperationException($"The source gave {first} embeddings; row {row} of {Count} was asked for.");
    }

    /// <summary>
    /// Reads the source once and writes what <see cref="BruteForceIndex.Save"/> writes for the same embeddings: <see cref="ItemIndex.Open"/>
    /// makes a <see cref="BruteForceIndex"/> of it. The embeddings need not fit in memory for that either.
    /// </summary>
    /// <inheritdoc cref="IItemIndex.Save"/>
    public void Save(string path) => BruteForceFile.Write(path, this);

    /// <summary>Does nothing: the source is the caller's.</summary>
    public void Dispose()
    {
        // Nothing is owned here.
    }

    /// <summary>The source's batches, their shapes checked.</summary>
    internal IEnumerable<ReadOnlyMemory<float>> Batches()
    {
        var number = 0;
        foreach (var batch in _batches)
        {
            if (batch.Length % Dimension != 0)
            {
                throw new InvalidOperationException(
                    $"Batch {number} of the source holds {batch.Length} values, which is no whole number of embeddings of {Dimension}.");
            }

            yield return batch;
            number++;
        }
    }

    private void Scan(QueryBlock[] blocks, ItemFilter? filter)
    {
        using var stream = new EmbeddingStream(this);
        stream.Read((panels, firstRow) =>
            Parallelism.For(blocks.Length, block =>
                PanelScan.Run(panels, 0, panels.PanelCount, firstRow, filter, blocks[block], ScoreFunction, InstructionSet)));
    }

    private int CountRows()
    {
        var rows = 0L;
        foreach (var batch in Batches())
        {
            rows += batch.Length / Dimension;
        }

        return rows <= int.MaxValue
            ? (int)rows
            : throw new InvalidOperationException($"The source gave {rows} embeddings; an index holds at most {int.MaxValue}. Split it into shards.");
    }
}
