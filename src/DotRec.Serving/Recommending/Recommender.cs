using DotRec.Data;
using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>
/// The whole path of a query as one call: raw features in, recommendations out. Made from a query model and an index, saved as a bundle and
/// loaded anywhere without training code. Its items may change while it answers.
/// </summary>
/// <remarks>
/// <para>
/// A query is an object with a property for each feature, a record of the training data perhaps, or a dictionary by name. Names are matched exactly
/// or else without regard to case and underscores; properties that are no feature are left alone. Values turn into features by the rules of
/// <see cref="FeatureBatch.From{T}(IEnumerable{T})"/>; null is a missing value.
/// </para>
/// <para>
/// Every member may be called from any number of threads at the same time, with the same answers; each call sees the items of one moment.
/// Disposing waits for nobody: calls in flight end normally, later ones throw <see cref="ObjectDisposedException"/>. Activities and instruments
/// carry the name "DotRec.Serving".
/// </para>
/// </remarks>
public sealed partial class Recommender : IDisposable
{
    private readonly RecommenderParts _parts;
    private readonly QueryEncoder _encoder;
    private readonly Lazy<ItemEncoder>? _itemModel;
    private readonly CandidateRanker? _ranker;
    private readonly QueryIdentity _identity;
    private readonly QueryPath _path;
    private readonly LiveCatalogue _items;
    private readonly Lifetime _lifetime;

    /// <summary>Makes a recommender of a query model and an index of embeddings. Whoever built the index disposes it, afterwards.</summary>
    /// <param name="queryModel">Turns raw query features into an embedding [batch, D]; a tower exports one.</param>
    /// <param name="index">The item embeddings, width D. At the first change of items the recommender takes it over.</param>
    /// <param name="options">Items, interactions, ranker and defaults.</param>
    /// <exception cref="ArgumentException">Model, index and options do not fit together.</exception>
    public Recommender(OnnxModel queryModel, IItemIndex index, RecommenderOptions? options = null)
        : this(RecommenderParts.From(queryModel, index, options ?? new RecommenderOptions()), live: null)
    {
    }

    /// <summary>Makes a recommender that follows an index that changes, whoever changes it.</summary>
    /// <param name="queryModel">Turns raw query features into an embedding [batch, D]; a tower exports one.</param>
    /// <param name="index">The item embeddings, width D. Whoever made it disposes it, afterwards.</param>
    /// <param name="options">Items, interactions, ranker and defaults. Items that come later without columns have missing values there.</param>
    /// <exception cref="ArgumentException">Model, index and options do not fit together.</exception>
    public Recommender(OnnxModel queryModel, LiveIndex index, RecommenderOptions? options = null)
        : this(RecommenderParts.From(queryModel, (index ?? throw new ArgumentNullException(nameof(index))).Current, options ?? new RecommenderOptions()), index)
    {
    }

    /// <summary>Makes a recommender that goes from item to item by what a query has had. Whoever built the index disposes it, afterwards.</summary>
    /// <param name="history">How a query is read as a history.</param>
    /// <param name="index">Lists from item to item: dimension i holds what the item of row i leads to.</param>
    /// <param name="options">
    /// Items, interactions, ranker and defaults. The interactions, in the order in which they happened, are also what a query that gives its id only is
    /// answered from; <see cref="RecommenderOptions.QueryIdFeature"/> names the column of these ids.
    /// </param>
    /// <exception cref="ArgumentException">Index and options do not fit together.</exception>
    public Recommender(HistoryQuery history, SparseIndex index, RecommenderOptions? options = null)
        : this(RecommenderParts.From(history, index, options ?? new RecommenderOptions()), live: null)
    {
    }

    /// <summary>
    /// Makes a recommender of a model that reads what a query has had. A query gives that itself, or its id, of which the recommender knows what it had in training.
    /// </summary>
    /// <param name="queryModel">Turns raw query features, <see cref="HistoryQuery.Feature"/> among them, into an embedding [batch, D].</param>
    /// <param name="index">The item embeddings, width D. Whoever built it disposes it, afterwards.</param>
    /// <param name="history">How histories are read: the feature's name and how many items are remembered of an id.</param>
    /// <param name="options">
    /// Items, interactions, ranker and defaults. The interactions, in the order in which they happened, are also what a query that gives its id only is
    /// answered from; <see cref="RecommenderOptions.QueryIdFeature"/> names the column of these ids.
    /// </param>
    /// <exception cref="ArgumentException">Model, index and options do not fit together.</exception>
    public Recommender(OnnxModel queryModel, IItemIndex index, HistoryQuery history, RecommenderOptions? options = null)
        : this(RecommenderParts.From(queryModel, history, index, blend: null, options ?? new RecommenderOptions()), live: null)
    {
    }

    /// <summary>Makes a recommender of a model and of lists from item to item: their scores are blended. Whoever built the indexes disposes them, afterwards.</summary>
    /// <param name="queryModel">Turns raw query features into an embedding [batch, D]; it may read the history too.</param>
    /// <param name="index">The item embeddings, width D, and the lists: dimension i holds what the item of row i leads to.</param>
    /// <param name="history">How a query is read as a history.</param>
    /// <param name="options">
    /// Items, interactions, ranker and defaults. The interactions, in the order in which they happened, are also what a query that gives its id only is
    /// answered from; <see cref="RecommenderOptions.QueryIdFeature"/> names the column of these ids.
    /// </param>
    /// <exception cref="ArgumentException">Model, indexes and options do not fit together.</exception>
    public Recommender(OnnxModel queryModel, BlendedIndex index, HistoryQuery history, RecommenderOptions? options = null)
        : this(RecommenderParts.From(queryModel, history, (index ?? throw new ArgumentNullException(nameof(index))).Embeddings, index, options ?? new RecommenderOptions()), live: null)
    {
    }

    internal Recommender(RecommenderParts parts, LiveIndex? live)
    {
        _parts = parts;
        var rankerSignature = parts.Ranker is null ? null : ModelSignature.OfRanker(parts.Ranker);
        var querySignature = parts.QuerySignature();
        querySignature = querySignature.WithContext(Serving.RankerFeatures.Context(parts.Options.ContextFeatures, rankerSignature, querySignature));
        parts.CheckAgainst(querySignature);
        _identity = new QueryIdentity(querySignature, parts.Options.QueryIdFeature, parts.Seen, parts.History is not null);
        parts.CheckPolicy(_identity);
        _items = new LiveCatalogue(parts, live, rankerSignature, querySignature.Features);
        _encoder = parts.OpenEncoder(querySignature);
        try
        {
            _ranker = parts.Ranker is null ? null : new CandidateRanker(new ServedModel(parts.Ranker, rankerSignature!));
        }
        catch
        {
            _encoder.Dispose();
            throw;
        }

        if (parts.ItemModel is { } itemModel)
        {
            _itemModel = new Lazy<ItemEncoder>(() =>
            {
                try
                {
                    return new ItemEncoder(ServedModel.OfTower(itemModel, "item"), parts.Options.ItemIdColumn);
                }
                catch (ArgumentException misfit)
                {
                    throw itemModel.Misfit(misfit);
                }
            });
        }

        _path = new QueryPath(_encoder, _ranker, _identity, parts.Options.UnknownQueries);
        _lifetime = new Lifetime(nameof(Recommender), Free);
    }

    /// <summary>The raw features a query must have: those of the query model, then the ranker's context features.</summary>
    public IReadOnlyList<ColumnSchema> QueryFeatures => _encoder.Signature.Features;

    /// <summary>
    /// Those of <see cref="QueryFeatures"/> that a query may lack as long as it has one of them: who asks and what was had, of a recommender that goes by
    /// histories. Empty for others.
    /// </summary>
    public IReadOnlySet<string> OptionalQueryFeatures => _encoder.Signature.OptionalFeatures;

    /// <summary>How what a query has had is read; null for a recommender that does not go by it.</summary>
    public HistoryQuery? History => _parts.History;

    /// <summary>Whether a model embeds queries: true but for a recommender of lists from item to item alone.</summary>
    public bool HasQueryModel => _parts.QueryModel is not null;

    /// <summary>What the embeddings are blended with; null where they decide alone.</summary>
    public BlendedIndex? Blend => _parts.Blend;

    /// <summary>The raw features that items are embedded by; empty without an item model.</summary>
    public IReadOnlyList<ColumnSchema> ItemFeatures => _itemModel is null ? [] : _itemModel.Value.Features;

    /// <summary>The raw features the ranker reads; empty without a ranker.</summary>
    public IReadOnlyList<ColumnSchema> RankerFeatures => _ranker is null ? [] : _ranker.Signature.Features;

    /// <summary>The feature that tells who asks; null when none does. Unknown ids are told by the model's output <c>name_known</c>, else by the seen items.</summary>
    public string? QueryIdFeature => _identity.Feature;

    /// <summary>The items there are now, by row: ids and columns.</summary>
    public ItemTable Items => _items.Current.Items;

    /// <summary>The index over the embeddings of the items there are now.</summary>
    public IItemIndex Index => _items.Current.Index;

    /// <summary>What each query id has had; null when unknown.</summary>
    public SeenItems? Seen => _parts.Seen;

    /// <summary>How often each item was chosen in training, by row; null when unknown. Items that came later have no entry.</summary>
    public IReadOnlyList<long>? Popularity => _parts.Popularity?.Counts;

    /// <summary>Defaults, metrics and facts.</summary>
    public RecommenderOptions Options => _parts.Options;

    /// <summary>The best items for one query.</summary>
    /// <param name="query">The raw features: an object with a property for each, such as <c>new { user_id = "42" }</c>, or a dictionary by name.</param>
    /// <param name="k">How many items at most.</param>
    /// <inheritdoc cref="Recommend{TQuery}(TQuery, RecommendOptions?)"/>
    public Recommendations Recommend<TQuery>(TQuery query, int k) => Answer(query, Selection.Of(k, Options));

    /// <summary>The best items for one query: retrieved, ranked if there is a ranker, and as diverse as asked for.</summary>
    /// <param name="query">The raw features: an object with a property for each, such as <c>new { user_id = "42" }</c>, or a dictionary by name.</param>
    /// <param name="options">What to recommend; the recommender's defaults when null.</param>
    /// <returns>
    /// At most k items, best first (equal scores ordered by row) or in the order of the choice when diversity is asked for. A query that gets
    /// the most popular items gets them as they are, neither ranked nor diversified.
    /// </returns>
    /// <exception cref="InvalidQueryException">A feature is missing or of another type, or a score is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number in the options is out of range.</exception>
    /// <exception cref="ArgumentException">An excluded id is not of the type of the item ids, or the filter is another index's.</exception>
    public Recommendations Recommend<TQuery>(TQuery query, RecommendOptions? options = null) => Answer(query, Selection.Of(options, Options));

    /// <summary>The best items for each of many queries: the answers of <see cref="Recommend{TQuery}(TQuery, RecommendOptions?)"/>, faster.</summary>
    /// <param name="queries">Raw features, an object or dictionary each; read once.</param>
    /// <param name="options">What to recommend; its excluded ids are for every query.</param>
    /// <param name="exclude">For each query more ids that may not be returned, or null.</param>
    /// <exception cref="InvalidQueryException">A query is not what the model reads; the message gives its position.</exception>
    public IReadOnlyList<Recommendations> RecommendBatch<TQuery>(
        IEnumerable<TQuery> queries, RecommendOptions? options = null, IReadOnlyList<IReadOnlyCollection<ItemId>?>? exclude = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        var rows = queries as IReadOnlyCollection<TQuery> ?? [.. queries];
        return AnswerBatch(rows.Count, Selection.Of(options, Options), exclude, _encoder.Reader.Blocks(rows));
    }

    /// <summary>The best items for each of many queries given as columns.</summary>
    /// <param name="queries">A column for each feature, found by name; other columns are left alone. Numbers may be of any type that fits.</param>
    /// <param name="options">What to recommend; its excluded ids are for every query.</param>
    /// <param name="exclude">For each query more ids that may not be returned, or null.</param>
    /// <exception cref="InvalidQueryException">A column is missing or of another type.</exception>
    public IReadOnlyList<Recommendations> RecommendBatch(
        FeatureBatch queries, RecommendOptions? options = null, IReadOnlyList<IReadOnlyCollection<ItemId>?>? exclude = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        return AnswerBatch(queries.RowCount, Selection.Of(options, Options), exclude, _encoder.Reader.Blocks(queries));
    }

    /// <summary>The items most like an item by the cosine of their embeddings; the item itself is left out.</summary>
    /// <remarks>
    /// The index finds candidates by its own score, at least a hundred and ten times k of them, and their cosines order them: inner products alone favour
    /// items with long vectors, which are the popular ones. Scores are cosines. A recommender that goes from item to item gives what the item leads to, with
    /// its weights as scores.
    /// </remarks>
    /// <param name="itemId">An id of the index.</param>
    /// <param name="options">What to recommend; <see cref="RecommendOptions.RankedCandidates"/> is how many candidates to order. There is no query, so nothing is ranked or was seen.</param>
    /// <exception cref="ArgumentException">The index has no such item, or an excluded id is not of the type of the item ids.</exception>
    public Recommendations SimilarItems(ItemId itemId, RecommendOptions? options = null)
    {
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("similar_items");
        try
        {
            var answer = SimilarItemSearch.Find(_items.Current, itemId, Selection.Of(options, Options), options?.RankedCandidates);
            request.Answered(1, 0);
            return answer;
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Writes the recommendations of many queries to a file, Parquet or CSV by its extension: one row an item, with query id, rank, item id
    /// and score (with a ranker the retrieval score, too). Queries are read as a stream and answered in blocks; reading, searching and writing overlap.
    /// The file appears whole, at the end, or not at all. All queries see the items of the moment of the call.
    /// </summary>
    /// <param name="queries">Raw features, an object or dictionary each.</param>
    /// <param name="path">Where to write; ends in .parquet or .csv. An existing file is replaced.</param>
    /// <param name="options">What to recommend and which columns to write.</param>
    /// <param name="progress">Receives the number of queries answered so far, after each block.</param>
    /// <param name="cancellationToken">Stops between blocks and leaves no file.</param>
    /// <returns>The number of queries answered.</returns>
    /// <exception cref="InvalidQueryException">A query is not what the model reads; the message gives its position.</exception>
    /// <exception cref="OperationCanceledException">The cancellation was requested.</exception>
    public Task<long> RecommendAllAsync<TQuery>(
        IEnumerable<TQuery> queries, string path, RecommendAllOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        return RecommendAllAsync(queries.ToAsyncEnumerable(), path, options, progress, cancellationToken);
    }

    /// <inheritdoc cref="RecommendAllAsync{TQuery}(IEnumerable{TQuery}, string, RecommendAllOptions?, IProgress{long}?, CancellationToken)"/>
    public Task<long> RecommendAllAsync<TQuery>(
        IAsyncEnumerable<TQuery> queries, string path, RecommendAllOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        return RecommendAllAsync(new QuerySource.OfSequence<TQuery>(_encoder.Reader, queries.GetAsyncEnumerator(cancellationToken)), path, options, progress, cancellationToken);
    }

    /// <inheritdoc cref="RecommendAllAsync{TQuery}(IEnumerable{TQuery}, string, RecommendAllOptions?, IProgress{long}?, CancellationToken)"/>
    public Task<long> RecommendAllAsync(
        FeatureBatch queries, string path, RecommendAllOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        return RecommendAllAsync(new QuerySource.OfColumns(_encoder.Reader, queries), path, options, progress, cancellationToken);
    }

    private async Task<long> RecommendAllAsync(
        QuerySource queries, string path, RecommendAllOptions? options, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var ending = queries.ConfigureAwait(false);
        var asked = options ?? new RecommendAllOptions();
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("recommend_all");
        try
        {
            var file = new RecommendationFile(_encoder, _path, _identity, _items.Current, asked, Selection.Of(asked.Recommend, Options), _ranker is not null);
            var (answered, unknown) = await file.WriteAsync(queries, path, progress, cancellationToken).ConfigureAwait(false);
            request.Answered(answered, unknown);
            return answered;
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
    }

    /// <summary>The embedding of a query, shape [D].</summary>
    /// <exception cref="InvalidQueryException">A feature is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">The recommender goes by histories and has no embeddings.</exception>
    public float[] EmbedQuery<TQuery>(TQuery query)
    {
        using var use = _lifetime.Enter();
        return _encoder.Embed(query);
    }

    /// <summary>The embedding of an item by the item model; for items that are not in the index, too. The answer tells where the model does not know the id.</summary>
    /// <exception cref="InvalidQueryException">A feature is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">The recommender has no item model.</exception>
    public ItemEmbedding EmbedItem<TItem>(TItem item)
    {
        using var use = _lifetime.Enter();
        return ItemModel.Embed(item);
    }

    /// <summary>The embeddings of queries given as columns, shape [rows, D].</summary>
    /// <exception cref="InvalidQueryException">A column is missing or of another type.</exception>
    public float[] EmbedQueries(FeatureBatch queries)
    {
        using var use = _lifetime.Enter();
        return _encoder.EmbedAll(queries);
    }

    /// <summary>The embeddings of items given as columns, by the item model. The answer tells which ids the model does not know.</summary>
    /// <exception cref="InvalidQueryException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">The recommender has no item model.</exception>
    public ItemEmbeddings EmbedItems(FeatureBatch items)
    {
        using var use = _lifetime.Enter();
        return ItemModel.EmbedAll(items);
    }

    /// <summary>The recommender for queries of one type, checked now and not at the first query.</summary>
    /// <param name="strict">True: a property that is no feature is an error.</param>
    /// <exception cref="InvalidQueryException">The type lacks a feature, or has it with another type.</exception>
    public Recommender<TQuery> For<TQuery>(bool strict = false)
        where TQuery : notnull
    {
        _encoder.Reader.Check<TQuery>(strict);
        return new Recommender<TQuery>(this);
    }

    /// <summary>The query model in one piece, vocabularies and tables inside, for runtimes of other languages: raw query features in, an embedding out.</summary>
    /// <exception cref="InvalidOperationException">It is larger than 2 GiB, which is all that the format holds.</exception>
    public OnnxModel ExportQueryModel() => Exported(_parts.QueryModel, "query model");

    /// <summary>The item model in one piece: raw item features in, an embedding out.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is larger than 2 GiB.</exception>
    public OnnxModel ExportItemModel() => Exported(_parts.ItemModel, "item model");

    /// <summary>The ranking model in one piece: raw query and item features in, a score out.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is larger than 2 GiB.</exception>
    public OnnxModel ExportRanker() => Exported(_parts.Ranker, "ranker");

    /// <summary>
    /// Writes the recommender as a bundle, with the items there are now. A crash at any moment leaves the old bundle of that name or the new one,
    /// never a mixture; processes that have loaded the old one keep it.
    /// </summary>
    /// <param name="directory">The bundle's own directory, for example <c>models/films/1</c>.</param>
    /// <exception cref="IOException">The directory holds something else, another save to it is running, or the disk fails.</exception>
    public void Save(string directory)
    {
        using var use = _lifetime.Enter();
        RecommenderBundle.Save(_parts, _items.Current, _identity, directory, BundleStorage.Disk);
    }

    /// <inheritdoc cref="Save(string)"/>
    /// <param name="directory">The bundle's own directory, for example <c>models/films/1</c>.</param>
    /// <param name="cancellationToken">Not heeded once writing has begun.</param>
    public Task SaveAsync(string directory, CancellationToken cancellationToken = default) => Task.Run(() => Save(directory), cancellationToken);

    /// <summary>Loads a bundle. Disposing the recommender closes its files.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="verification">How much of the files is checked now.</param>
    /// <exception cref="BundleException">There is no bundle, or it is damaged, incomplete or of a newer format. The message names the file and what to do.</exception>
    public static Recommender Load(string directory, BundleVerification verification = BundleVerification.Automatic) =>
        RecommenderBundle.Load(directory, verification);

    /// <inheritdoc cref="Load(string, BundleVerification)"/>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="verification">How much of the files is checked now.</param>
    /// <param name="cancellationToken">Not heeded once reading has begun.</param>
    public static Task<Recommender> LoadAsync(
        string directory, BundleVerification verification = BundleVerification.Automatic, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(directory, verification), cancellationToken);

    /// <summary>Closes the model sessions, and the index if it was loaded with the recommender, once the calls in flight have ended.</summary>
    public void Dispose() => _lifetime.Close();

    internal Recommendations Answer<TQuery>(TQuery query, in Selection selection)
    {
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("recommend");
        var call = _encoder.Rent();
        try
        {
            _encoder.Reader.Add(query, call.Features);
            Recommendations answer = null!;
            _path.Answer(call, _items.Current, selection, exclude: null, first: 0, new Span<Recommendations>(ref answer));
            request.Answered(1, answer.IsUnknownQuery ? 1 : 0);
            return answer;
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
        finally
        {
            _encoder.Return(call);
        }
    }

    private Recommendations[] AnswerBatch(
        int count, in Selection selection, IReadOnlyList<IReadOnlyCollection<ItemId>?>? exclude, IEnumerable<Action<QueryCall>> blocks)
    {
        if (exclude is not null && exclude.Count != count)
        {
            throw new ArgumentException($"exclude has {exclude.Count} lists for {count} queries. Give one a query, null for none.", nameof(exclude));
        }

        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("recommend_batch");
        var call = _encoder.Rent();
        try
        {
            var (answers, answered, items) = (new Recommendations[count], 0, _items.Current);
            foreach (var add in blocks)
            {
                call.Clear();
                add(call);
                _path.Answer(call, items, selection, exclude, answered, answers.AsSpan(answered, call.RowCount));
                answered += call.RowCount;
            }

            request.Answered(answered, answers.Count(answer => answer.IsUnknownQuery));
            return answers;
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
        finally
        {
            _encoder.Return(call);
        }
    }

    private OnnxModel Exported(StoredModel? model, string name)
    {
        using var use = _lifetime.Enter();
        return model?.Export() ?? throw new InvalidOperationException($"This recommender has no {name}.");
    }

    private ItemEncoder ItemModel => _itemModel?.Value
        ?? throw new InvalidOperationException("This recommender has no item model. Give one in RecommenderOptions.ItemModel and save it again.");

    private void Free()
    {
        _encoder.Dispose();
        _ranker?.Dispose();
        if (_itemModel is { IsValueCreated: true })
        {
            _itemModel.Value.Dispose();
        }

        _items.Dispose();
        if (_parts is { OwnsIndex: true, Blend: { } blend })
        {
            blend.Lists.Dispose();
        }
    }
}
