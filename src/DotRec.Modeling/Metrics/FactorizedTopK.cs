using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Modeling;

/// <summary>
/// Ranks each example's true item among all items of a catalogue: hit rates, NDCG and reciprocal rank. Works on ids and exact ranks, never
/// on equality of scores.
/// </summary>
/// <remarks>
/// Ties: of items with equal scores the one that stands earlier in the catalogue ranks better, which is the order in which an exact index
/// answers, so the figures are those of the lists that users would be shown. A true id that is not in the catalogue is a miss. A NaN score
/// never improves a rank. Costs one matrix product of all queries and all items; the same figures at any thread count.
/// </remarks>
public sealed class FactorizedTopK
{
    private static readonly int[] DefaultKs = [1, 5, 10, 50, 100];

    private readonly int[] _ks;
    private IdTable? _ids;
    private readonly string? _idColumn;

    /// <summary>Makes the metric.</summary>
    /// <param name="items">The catalogue: one row an item, with the columns the item tower reads.</param>
    /// <param name="idColumn">
    /// The column that identifies an item, strings or integers, each once. Null: the only column, or, in a <see cref="TwoTowerModel"/>, the only
    /// column the item tower reads.
    /// </param>
    /// <param name="ks">List lengths; 1, 5, 10, 50 and 100 when none is given, as in TFRS.</param>
    /// <exception cref="ArgumentException">There is no item, or a k is below 1.</exception>
    public FactorizedTopK(FeatureBatch items, string? idColumn = null, params ReadOnlySpan<int> ks)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.RowCount == 0)
        {
            throw new ArgumentException("The catalogue has no items, so nothing can be ranked.", nameof(items));
        }

        Items = items;
        _idColumn = idColumn ?? (items.Columns.Count == 1 ? items.Columns[0].Name : null);
        _ks = ks.IsEmpty ? DefaultKs : [.. ks.ToArray().Distinct().Order()];
        if (_ks[0] < 1)
        {
            throw new ArgumentException($"A list has at least one place; k is {_ks[0]}.", nameof(ks));
        }
    }

    /// <summary>The catalogue.</summary>
    public FeatureBatch Items { get; }

    /// <summary>List lengths, rising.</summary>
    public IReadOnlyList<int> Ks => _ks;

    /// <summary>The column that identifies an item.</summary>
    /// <exception cref="InvalidOperationException">It was not named and cannot be guessed.</exception>
    public string IdColumn => _idColumn ?? throw new InvalidOperationException(
        $"The catalogue has the columns {string.Join(", ", Items.Columns.Select(column => column.Name))}; name the one that identifies an item: new FactorizedTopK(items, idColumn: …).");

    /// <summary>The id column if it is settled, else null.</summary>
    internal string? NamedIdColumn => _idColumn;

    /// <summary>The items' ids by catalogue row.</summary>
    internal IdTable Ids => _ids ??= IdTable.OfCatalogue(Items[IdColumn]);

    internal ReadOnlySpan<int> KSpan => _ks;

    /// <summary>Ranks true items by the inner product of embeddings.</summary>
    /// <param name="queryEmbeddings">Shape [Q, D].</param>
    /// <param name="itemEmbeddings">Shape [N, D]: row i belongs to row i of <see cref="Items"/>.</param>
    /// <param name="trueIds">Id of each query's true item, of the type of <see cref="IdColumn"/>.</param>
    /// <param name="sampleWeight">One weight a query, or empty.</param>
    /// <param name="cancellationToken">Checked between blocks of queries.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together; an embedding holds NaN or infinity; the ids have another type.</exception>
    public RetrievalMetrics Evaluate(
        ReadOnlyMemory<float> queryEmbeddings, ReadOnlyMemory<float> itemEmbeddings, Column trueIds, ReadOnlyMemory<float> sampleWeight = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trueIds);
        return RetrievalMetrics.FromRanks(Rank(queryEmbeddings, itemEmbeddings, trueIds, cancellationToken), _ks, sampleWeight.Span);
    }

    /// <summary>The exact rank of every query's true item, 0 where the catalogue does not hold it.</summary>
    internal int[] Rank(ReadOnlyMemory<float> queryEmbeddings, ReadOnlyMemory<float> itemEmbeddings, Column trueIds, CancellationToken cancellationToken)
    {
        var dimension = itemEmbeddings.Length / Items.RowCount;
        if (dimension == 0 || dimension * Items.RowCount != itemEmbeddings.Length || queryEmbeddings.Length != (long)trueIds.RowCount * dimension)
        {
            throw new ArgumentException(
                $"{itemEmbeddings.Length} values for {Items.RowCount} items and {queryEmbeddings.Length} for {trueIds.RowCount} queries do not make embeddings of one width.");
        }

        return ItemRanks.Compute(
            new EmbeddingScorer(queryEmbeddings, itemEmbeddings, dimension), Ids.RowsOf(trueIds), seen: null, seenQueries: null, cancellationToken).All;
    }

    /// <summary>Ranks true items by the answers of an index, approximate or exact. Items beyond the greatest k are misses, for the reciprocal rank too.</summary>
    /// <param name="queryEmbeddings">Shape [Q, D].</param>
    /// <param name="index">Holds the items under the same ids.</param>
    /// <param name="trueIds">Id of each query's true item.</param>
    /// <param name="sampleWeight">One weight a query, or empty.</param>
    public RetrievalMetrics Evaluate(ReadOnlyMemory<float> queryEmbeddings, IItemIndex index, Column trueIds, ReadOnlyMemory<float> sampleWeight = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(trueIds);
        var queryCount = trueIds.RowCount;
        if (queryEmbeddings.Length != (long)queryCount * index.Dimension)
        {
            throw new ArgumentException($"{queryEmbeddings.Length} values for {queryCount} queries do not make embeddings of the index's width {index.Dimension}.");
        }

        var rowInIndex = Ids.RowsIn(index.Ids);
        var trueRows = Ids.RowsOf(trueIds);
        var k = _ks[^1];
        var ranks = new int[queryCount];
        const int Block = 1024;
        var found = new Candidate[Math.Min(Block, queryCount) * k];
        var counts = new int[Math.Min(Block, queryCount)];
        for (var first = 0; first < queryCount; first += Block)
        {
            var count = Math.Min(Block, queryCount - first);
            var queries = queryEmbeddings.Span.Slice(first * index.Dimension, count * index.Dimension);
            index.SearchBatch(queries, k, found.AsSpan(0, count * k), counts.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                var wanted = trueRows[first + i] < 0 ? -1 : rowInIndex[trueRows[first + i]];
                for (var place = 0; place < counts[i] && ranks[first + i] == 0; place++)
                {
                    ranks[first + i] = found[(i * k) + place].Row == wanted ? place + 1 : 0;
                }
            }
        }

        return RetrievalMetrics.FromRanks(ranks, _ks, sampleWeight.Span);
    }

    /// <summary>This metric, or, when it was not told which column identifies an item, the same one by <paramref name="column"/>.</summary>
    internal FactorizedTopK ById(string column) => _idColumn is null ? new FactorizedTopK(Items, column, _ks) : this;
}
