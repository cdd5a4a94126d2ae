using System.Collections;
using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>
/// The whole path of a query as one call: raw features in, recommendations out. Made from a query model and an index, saved as a bundle and
/// loaded anywhere without training code.
/// </summary>
/// <remarks>
/// Every member may be called from any number of threads at the same time, with the same answers. Disposing waits for nobody: calls in flight
/// end normally, later ones throw <see cref="ObjectDisposedException"/>. Activities and instruments carry the name "DotRec.Serving".
/// </remarks>
public sealed class Recommender : IDisposable
{
    private readonly RecommenderParts _parts;
    private readonly ServedModel _queryModel;
    private readonly Lazy<ServedModel>? _itemModel;
    private readonly CandidateRanker? _ranker;
    private readonly QueryIdentity _identity;
    private readonly Retriever _retriever;
    private readonly QueryAnswerer _answerer;
    private readonly SimilarItemSearch _similar;
    private readonly Lifetime _lifetime;

    /// <summary>Makes a recommender of a query model and an index. It does not take the index over: whoever built it disposes it, afterwards.</summary>
    /// <param name="queryModel">Turns raw query features into an embedding [batch, D]; a tower exports one.</param>
    /// <param name="index">The item embeddings, width D.</param>
    /// <param name="options">Display columns, seen items, popularity and defaults.</param>
    /// <exception cref="ArgumentException">Model, index and options do not fit together.</exception>
    public Recommender(OnnxModel queryModel, IItemIndex index, RecommenderOptions? options = null)
        : this(RecommenderParts.From(queryModel, index, options ?? new RecommenderOptions()), queryModel, options?.Ranker)
    {
    }

    internal Recommender(RecommenderParts parts, OnnxModel queryModel, OnnxModel? ranker)
    {
        _parts = parts;
        var rankerSignature = ranker is null ? null : ModelSignature.OfRanker(ranker);
        var querySignature = ModelSignature.OfTower(queryModel, "query");
        querySignature = querySignature.WithContext(Serving.RankerFeatures.Context(parts.Options.ContextFeatures, rankerSignature, querySignature));
        parts.CheckAgainst(querySignature);
        _identity = new QueryIdentity(querySignature, parts.Options.QueryIdFeature, parts.Options.Seen);
        parts.CheckPolicy(_identity);
        var rankerFeatures = rankerSignature is null ? null : Serving.RankerFeatures.Find(rankerSignature, querySignature.Features, parts.Items);
        _queryModel = new ServedModel(queryModel, querySignature);
        try
        {
            _ranker = rankerFeatures is null ? null : new CandidateRanker(new ServedModel(ranker!, rankerSignature!), rankerFeatures);
        }
        catch
        {
            _queryModel.Dispose();
            throw;
        }

        if (parts.ItemModel is { } itemModel)
        {
            _itemModel = new Lazy<ServedModel>(() => ServedModel.OfTower(itemModel.ToOnnxModel(), "item"));
        }

        var reranker = new Reranker(parts.Index, parts.Items, _ranker);
        _retriever = new Retriever(parts.Index, parts.Items, _identity, parts.Popularity, parts.Options.UnknownQueries, reranker);
        _answerer = new QueryAnswerer(_queryModel, _retriever);
        _similar = new SimilarItemSearch(parts.Index);
        _lifetime = new Lifetime(nameof(Recommender), Free);
    }

    /// <summary>The raw features a query must have: those of the query model, then the ranker's context features.</summary>
    public IReadOnlyList<QueryFeature> QueryFeatures => _queryModel.Signature.Features;

    /// <summary>The raw features <see cref="EmbedItem"/> needs; empty without an item model.</summary>
    public IReadOnlyList<QueryFeature> ItemFeatures => _itemModel is null ? [] : _itemModel.Value.Signature.Features;

    /// <summary>The raw features the ranker reads; empty without a ranker.</summary>
    public IReadOnlyList<QueryFeature> RankerFeatures => _ranker is null ? [] : _ranker.Signature.Features;

    /// <summary>The feature that tells who asks; null when none does. Unknown ids are told by the model's output <c>name_known</c>, else by the seen items.</summary>
    public string? QueryIdFeature => _identity.Feature;

    /// <summary>The items by row: ids and columns.</summary>
    public ItemTable Items => _parts.Items;

    /// <summary>The index over the item embeddings.</summary>
    public IItemIndex Index => _parts.Index;

    /// <summary>Defaults, seen items, metrics and facts.</summary>
    public RecommenderOptions Options => _parts.Options;

    /// <summary>The best items for one query.</summary>
    /// <param name="query">The raw features: an object with a property for each, such as <c>new { user_id = "42" }</c>, or a dictionary by name.</param>
    /// <param name="k">How many items at most; the recommender's default when null.</param>
    /// <param name="exclude">Ids of items that may not be returned, any number; ids the index does not hold are ignored.</param>
    /// <param name="filter">Items that may be returned; null for all. <see cref="ItemTable.Where"/> makes one.</param>
    /// <param name="excludeSeen">Leaves out what the query id has had in training, if the recommender knows.</param>
    /// <returns>At most k items, best first; equal scores ordered by row.</returns>
    /// <exception cref="InvalidQueryException">A feature is missing, unknown, null or of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is not positive.</exception>
    /// <exception cref="ArgumentException">An excluded id is not of the type of the item ids, or the filter is another index's.</exception>
    public Recommendations Recommend(object query, int? k = null, IEnumerable? exclude = null, ItemFilter? filter = null, bool excludeSeen = true) =>
        Measure("recommend", (query, k, exclude, filter, excludeSeen), static (self, call, request) =>
        {
            var answer = self._answerer.Single(call.query, Selection.Of(call.k, call.exclude, call.filter, call.excludeSeen, self.Options));
            request.Answered(1, answer.IsUnknownQuery ? 1 : 0);
            return answer;
        });

    /// <summary>The best items for one query: retrieved, ranked if there is a ranker, and as diverse as asked for.</summary>
    /// <param name="query">The raw features: an object with a property for each, such as <c>new { user_id = "42" }</c>, or a dictionary by name.</param>
    /// <param name="options">What to recommend.</param>
    /// <returns>
    /// At most k items, best first (equal scores ordered by row) or in the order of the choice when diversity is asked for. A query that gets
    /// the most popular items gets them as they are, neither ranked nor diversified.
    /// </returns>
    /// <exception cref="InvalidQueryException">A feature is missing, unknown, null or of another type, or a score is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number in the options is out of range.</exception>
    /// <exception cref="ArgumentException">An excluded id is not of the type of the item ids, or the filter is another index's.</exception>
    public Recommendations Recommend(object query, RecommendOptions options) =>
        Measure("recommend", (query, options), static (self, call, request) =>
        {
            ArgumentNullException.ThrowIfNull(call.options, nameof(options));
            var answer = self._answerer.Single(call.query, Selection.Of(call.options, self.Options));
            request.Answered(1, answer.IsUnknownQuery ? 1 : 0);
            return answer;
        });

    /// <summary>The best items for each of many queries: the answers of <see cref="Recommend(object, int?, IEnumerable?, ItemFilter?, bool)"/>, faster.</summary>
    /// <param name="queries">Raw features, an object or dictionary each.</param>
    /// <param name="k">How many items a query at most; the recommender's default when null.</param>
    /// <param name="exclude">For each query the ids that may not be returned, or null.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludeSeen">Leaves out what each query id has had in training, if the recommender knows.</param>
    /// <exception cref="InvalidQueryException">A query is not what the model reads; the message gives its position.</exception>
    public IReadOnlyList<Recommendations> RecommendBatch(
        IEnumerable<object> queries, int? k = null, IReadOnlyList<IEnumerable?>? exclude = null, ItemFilter? filter = null, bool excludeSeen = true) =>
        Measure("recommend_batch", (queries, k, exclude, filter, excludeSeen), static (self, call, request) =>
        {
            ArgumentNullException.ThrowIfNull(call.queries, nameof(queries));
            var rows = call.queries as IReadOnlyCollection<object> ?? [.. call.queries];
            var answers = self._answerer.Rows(rows, Selection.Of(call.k, null, call.filter, call.excludeSeen, self.Options), call.exclude);
            request.Answered(answers.Count, answers.Count(answer => answer.IsUnknownQuery));
            return answers;
        });

    /// <summary>The best items for each of many queries: the answers of <see cref="Recommend(object, RecommendOptions)"/>, faster.</summary>
    /// <param name="queries">Raw features, an object or dictionary each.</param>
    /// <param name="options">What to recommend; its excluded ids are for every query.</param>
    /// <param name="exclude">For each query more ids that may not be returned, or null.</param>
    /// <exception cref="InvalidQueryException">A query is not what the model reads; the message gives its position.</exception>
    public IReadOnlyList<Recommendations> RecommendBatch(IEnumerable<object> queries, RecommendOptions options, IReadOnlyList<IEnumerable?>? exclude = null) =>
        Measure("recommend_batch", (queries, options, exclude), static (self, call, request) =>
        {
            ArgumentNullException.ThrowIfNull(call.queries, nameof(queries));
            ArgumentNullException.ThrowIfNull(call.options, nameof(options));
            var rows = call.queries as IReadOnlyCollection<object> ?? [.. call.queries];
            var answers = self._answerer.Rows(rows, Selection.Of(call.options, self.Options), call.exclude);
            request.Answered(answers.Count, answers.Count(answer => answer.IsUnknownQuery));
            return answers;
        });

    /// <summary>The best items for each of many queries given as columns.</summary>
    /// <param name="columns">An array a feature, all of one length: string[], long[] or float[]; for list features an array of arrays.</param>
    /// <param name="k">How many items a query at most; the recommender's default when null.</param>
    /// <param name="exclude">For each query the ids that may not be returned, or null.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludeSeen">Leaves out what each query id has had in training, if the recommender knows.</param>
    /// <exception cref="InvalidQueryException">A column is missing, unknown, of another type or of another length.</exception>
    public IReadOnlyList<Recommendations> RecommendBatch(
        IReadOnlyDictionary<string, Array> columns, int? k = null, IReadOnlyList<IEnumerable?>? exclude = null, ItemFilter? filter = null, bool excludeSeen = true) =>
        Measure("recommend_batch", (columns, k, exclude, filter, excludeSeen), static (self, call, request) =>
        {
            var answers = self._answerer.Columns(call.columns, Selection.Of(call.k, null, call.filter, call.excludeSeen, self.Options), call.exclude);
            request.Answered(answers.Count, answers.Count(answer => answer.IsUnknownQuery));
            return answers;
        });

    /// <summary>The best items for each of many queries given as columns.</summary>
    /// <param name="columns">An array a feature, all of one length: string[], long[] or float[]; for list features an array of arrays.</param>
    /// <param name="options">What to recommend; its excluded ids are for every query.</param>
    /// <param name="exclude">For each query more ids that may not be returned, or null.</param>
    /// <exception cref="InvalidQueryException">A column is missing, unknown, of another type or of another length.</exception>
    public IReadOnlyList<Recommendations> RecommendBatch(
        IReadOnlyDictionary<string, Array> columns, RecommendOptions options, IReadOnlyList<IEnumerable?>? exclude = null) =>
        Measure("recommend_batch", (columns, options, exclude), static (self, call, request) =>
        {
            ArgumentNullException.ThrowIfNull(call.options, nameof(options));
            var answers = self._answerer.Columns(call.columns, Selection.Of(call.options, self.Options), call.exclude);
            request.Answered(answers.Count, answers.Count(answer => answer.IsUnknownQuery));
            return answers;
        });

    /// <summary>The items most like an item, by their embeddings; the item itself is left out.</summary>
    /// <param name="itemId">An id of the index.</param>
    /// <param name="k">How many items at most; the recommender's default when null.</param>
    /// <param name="exclude">Ids of items that may not be returned.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="score">
    /// Cosine by default: inner products favour items with long vectors, which are the popular ones. The first call with a score that is not
    /// the index's builds an exact index for it, the size of the item embeddings.
    /// </param>
    /// <exception cref="ArgumentException">The index has no such item.</exception>
    public Recommendations SimilarItems(
        object itemId, int? k = null, IEnumerable? exclude = null, ItemFilter? filter = null, ScoreFunction score = ScoreFunction.Cosine) =>
        Measure("similar_items", (itemId, k, exclude, filter, score), static (self, call, request) =>
        {
            var k = Selection.Of(call.k, null, null, excludeSeen: false, self.Options).K;
            var answer = self._similar.Find(self._retriever, call.itemId, k, call.exclude, call.filter, call.score);
            request.Answered(1, 0);
            return answer;
        });

    /// <summary>
    /// Writes the recommendations of many queries to a file, Parquet or CSV by its extension: one row an item, with query id, rank, item id
    /// and score (with a ranker the retrieval score, too). Queries are read as a stream and answered in blocks; reading, searching and writing overlap. The file appears whole, at
    /// the end, or not at all.
    /// </summary>
    /// <param name="queries">Raw features, an object or dictionary each.</param>
    /// <param name="path">Where to write; ends in .parquet or .csv. An existing file is replaced.</param>
    /// <param name="options">What to recommend and which columns to write.</param>
    /// <param name="progress">Receives the number of queries answered so far, after each block.</param>
    /// <param name="cancellation">Stops between blocks and leaves no file.</param>
    /// <returns>The number of queries answered.</returns>
    /// <exception cref="InvalidQueryException">A query is not what the model reads; the message gives its position.</exception>
    /// <exception cref="OperationCanceledException">The cancellation was requested.</exception>
    public long RecommendAll(
        IEnumerable<object> queries, string path, RecommendAllOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        Measure("recommend_all", (queries, path, options: options ?? new RecommendAllOptions(), progress, cancellation), static (self, call, request) =>
        {
            ArgumentNullException.ThrowIfNull(call.queries, nameof(queries));
            var (asked, isRanked) = (call.options, self._ranker is not null);
            var selection = Selection.Of(asked.K, null, asked.Filter, asked.ExcludeSeen, self.Options, asked.RankedCandidates, asked.Diversity);
            var file = new RecommendationFile(self._queryModel, self._retriever, self._identity, self.Items, asked, selection, isRanked);
            var (answered, unknown) = file.Write(call.queries, call.path, call.progress, call.cancellation);
            request.Answered(answered, unknown);
            return answered;
        });

    /// <summary>The embedding of a query, shape [D].</summary>
    /// <exception cref="InvalidQueryException">A feature is missing, unknown, null or of another type.</exception>
    public float[] EmbedQuery(object query)
    {
        using var use = _lifetime.Enter();
        return _queryModel.Embed(query);
    }

    /// <summary>The embedding of an item by the item model, shape [D]; for items that are not in the index, too.</summary>
    /// <exception cref="InvalidQueryException">A feature is missing, unknown, null or of another type.</exception>
    /// <exception cref="InvalidOperationException">The recommender has no item model.</exception>
    public float[] EmbedItem(object item)
    {
        using var use = _lifetime.Enter();
        return _itemModel is null
            ? throw new InvalidOperationException("This recommender has no item model. Give one in RecommenderOptions.ItemModel and save it again.")
            : _itemModel.Value.Embed(item);
    }

    /// <summary>
    /// Writes the recommender as a bundle. A crash at any moment leaves the old bundle of that name or the new one, never a mixture; processes
    /// that have loaded the old one keep it.
    /// </summary>
    /// <param name="directory">The bundle's own directory, for example <c>models/films/1</c>.</param>
    /// <exception cref="IOException">The directory holds something else, another save to it is running, or the disk fails.</exception>
    public void Save(string directory)
    {
        using var use = _lifetime.Enter();
        RecommenderBundle.Save(_parts, _identity, directory, BundleStorage.Disk);
    }

    /// <summary>Loads a bundle. Disposing the recommender closes its files.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="verification">Whether to check hashes or lengths only.</param>
    /// <exception cref="BundleException">There is no bundle, or it is damaged, incomplete or of a newer format. The message names the file and what to do.</exception>
    public static Recommender Load(string directory, BundleVerification verification = BundleVerification.Hashes) =>
        RecommenderBundle.Load(directory, verification);

    /// <summary>Closes the model sessions, and the index if it was loaded with the recommender, once the calls in flight have ended.</summary>
    public void Dispose() => _lifetime.Close();

    /// <summary>Runs one call of the public surface: keeps the resources alive, counts, times and traces it.</summary>
    private TAnswer Measure<TArguments, TAnswer>(string name, TArguments arguments, ServingTelemetry.Operation<Recommender, TArguments, TAnswer> operation)
    {
        using var use = _lifetime.Enter();
        return ServingTelemetry.Measure(name, this, arguments, operation);
    }

    private void Free()
    {
        _queryModel.Dispose();
        _ranker?.Dispose();
        if (_itemModel is { IsValueCreated: true })
        {
            _itemModel.Value.Dispose();
        }

        _similar.Dispose();
        if (_parts.OwnsIndex)
        {
            _parts.Index.Dispose();
        }
    }
}
