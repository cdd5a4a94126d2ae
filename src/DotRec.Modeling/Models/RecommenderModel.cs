using System.Text.Json.Nodes;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// A model that can be trained. Subclass it, declare the towers and layers with <see cref="Use(Tower, string)"/> in the constructor, and say
/// in <see cref="ComputeLoss"/> what is to be minimised, as with TFRS' models.
/// </summary>
/// <example>
/// The ready two-tower model, made by hand:
/// <code>
/// sealed class MovieModel : RecommenderModel
/// {
///     private readonly Retrieval _task = new();
///     private readonly Tower _users, _movies;
///
///     public MovieModel(FeatureBatch ratings)
///     {
///         _users = Use(new Tower(new StringLookup("user_id", ratings), new Embedding(32) { L2 = 0.06 }), "users");
///         _movies = Use(new Tower(new StringLookup("movie_title", ratings), new Embedding(32) { L2 = 0.06 }), "movies");
///     }
///
///     protected override Loss ComputeLoss(Batch batch) => _task.ComputeLoss(batch, _users.Forward(batch), _movies);
/// }
/// </code>
/// Two tasks on shared towers, as in TFRS' multitask tutorial. <see cref="FitResult"/> and <see cref="Evaluation"/> report the losses of both beside their
/// total, and the metrics of both:
/// <code>
/// sealed class MultitaskModel : RecommenderModel
/// {
///     private readonly Retrieval _retrieval;
///     private readonly Ranking _rating = new(PointwiseLoss.SquaredError);
///     private readonly FactorizedTopK _catalogue;
///     private readonly Tower _users, _movies;
///     private readonly Mlp _head;
///
///     public MultitaskModel(FeatureBatch ratings, FeatureBatch movies)
///     {
///         _catalogue = new FactorizedTopK(movies, "movie_title");
///         _retrieval = new Retrieval(_catalogue);
///         _users = Use(new Tower(new StringLookup("user_id", ratings), new Embedding(32)), "users");
///         _movies = Use(new Tower(new StringLookup("movie_title", movies), new Embedding(32)), "movies");
///         _head = Use(new Mlp([64, 1]), "rating");
///     }
///
///     public float[] PredictRatings(FeatureBatch data) => Predict(data, Rating);
///
///     protected override Loss ComputeLoss(Batch batch)
///     {
///         var retrieval = _retrieval.ComputeLoss(batch, _users.Forward(batch), _movies).Named("retrieval");
///         var rating = _rating.ComputeLoss(Rating(batch), batch.Get&lt;float>("rating")).Named("rating");
///         return retrieval + (rating * 0.5);
///     }
///
///     protected override void Measure(FeatureBatch data, MetricReport report, CancellationToken cancellationToken)
///     {
///         report.Add("retrieval", _catalogue.Evaluate(_users.Embed(data), _movies.Embed(_catalogue.Items), data["movie_title"], cancellationToken: cancellationToken));
///         report.Add("rating", RatingMetrics.Of(PredictRatings(data), data.Get&lt;float>("rating").Values));
///     }
///
///     private Tensor Rating(Batch batch) => _head.Call(Tensor.Concatenate([_users.Forward(batch), _movies.Forward(batch)]), batch.Context);
/// }
/// </code>
/// </example>
public abstract class RecommenderModel
{
    // Keeps first weights apart from the order of rows under the same seed.
    private const ulong WeightsPurpose = 0x57454947_48545300UL;

    private readonly List<(string Name, Layer Layer, Action<string, SeededRandom> Place, Func<IEnumerable<Parameter>> Parameters)> _parts = [];
    private readonly List<Tower> _towers = [];
    private readonly TrainingCounts _counts = new();

    /// <summary>Rows of a batch outside training when none is given.</summary>
    public const int DefaultEvaluationBatchSize = 4096;

    /// <summary>The towers, in the order of declaration.</summary>
    public IReadOnlyList<Tower> Towers => _towers;

    /// <summary>The parameters that exist, each once: all of them after a fit, a load or an embedding of anything.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _parts.SelectMany(part => part.Parameters()).Distinct()];

    /// <summary>What <see cref="Fit"/> takes when it is given no options; a start for your own by <c>with</c>.</summary>
    public virtual FitOptions DefaultFitOptions => new();

    /// <summary>
    /// Column whose equal values name rows that must stay in one batch, because the loss compares them; null (the default) for none. Batches then hold
    /// whole groups, <see cref="FitOptions.BatchSize"/> rows on average, and groups are shuffled instead of rows.
    /// </summary>
    protected virtual string? GroupColumn => null;

    /// <summary>What is to be minimised for a batch: the loss of a task, the weighed sum of several, or a scalar by <see cref="Loss.Sum"/> or <see cref="Loss.Mean"/>.</summary>
    /// <remarks>Called for training batches and, with gradients off, for evaluation; <see cref="Batch.Context"/> tells which.</remarks>
    protected abstract Loss ComputeLoss(Batch batch);

    /// <summary>Trains on the rows of <paramref name="data"/>.</summary>
    /// <param name="data">Training rows; encoded once, then batches pick rows.</param>
    /// <param name="options">Epochs, batch size, optimizer and so on; <see cref="DefaultFitOptions"/> when null.</param>
    /// <param name="cancellationToken">Checked before every step; with a checkpoint configured, the state is saved before the fit ends.</param>
    /// <returns>Losses, speed and warnings. A model that has weights already is trained further.</returns>
    /// <exception cref="NonFiniteLossException">A batch has a loss that is NaN or infinite. The weights are those before that batch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">A checkpoint exists that belongs to other data, options or another model.</exception>
    public FitResult Fit(FeatureBatch data, FitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= DefaultFitOptions;
        if (data.RowCount == 0)
        {
            throw new ArgumentException("There is no row to train on.", nameof(data));
        }

        if (options.EarlyStopping is not null && options.Validation is null)
        {
            throw new ArgumentException("Early stopping needs validation data. Set FitOptions.Validation.", nameof(options));
        }

        if (options.EarlyStopping is not null && options.TailAverage > 0)
        {
            throw new ArgumentException(
                "Early stopping keeps the weights of the best epoch, TailAverage the mean of the last steps: choose one of them.", nameof(options));
        }

        try
        {
            return new TrainingRun(this, data, options).Run(cancellationToken);
        }
        finally
        {
            _counts.Release();
        }
    }

    /// <summary>
    /// Tells a model that was loaded what it was trained on, as a fit does: how often items come (for the sampling correction of evaluated losses), and in a
    /// <see cref="TwoTowerModel"/> what each query has seen.
    /// </summary>
    public void RememberTrainingData(FeatureBatch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _counts.Reset(data);
        OnTrainingData(data);
    }

    /// <summary>Measures the model on held-out rows.</summary>
    /// <param name="data">Rows the model was not trained on.</param>
    /// <param name="batchSize">Rows at a time.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public virtual Evaluation Evaluate(FeatureBatch data, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var loss = AverageLoss(Encode(data), batchSize, cancellationToken);
        var report = new MetricReport();
        Measure(data, report, cancellationToken);
        return new Evaluation(loss.Mean, data.RowCount) { Losses = loss.Parts, Measured = report.Values };
    }

    /// <summary>Writes weights and preprocessing (vocabularies and the like) to one file, whole or not at all.</summary>
    public void Save(string path)
    {
        EnsureBuilt();
        var file = new StateFile(new JsonObject { ["kind"] = "weights", ["preprocessing"] = PreprocessingStates(), ["settings"] = SaveSettings() });
        foreach (var parameter in Parameters)
        {
            file.Add(parameter.Name, parameter.Value.Values.ToArray());
        }

        file.Write(path);
    }

    /// <summary>Restores what <see cref="Save"/> wrote, bit for bit. The model must be made of the same layers; its preprocessing need not be adapted.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged, newer, or belongs to a model of other layers; the weights are unchanged.</exception>
    public void Load(string path)
    {
        var file = StateFile.Read(path);
        var states = file.Document["preprocessing"]?.AsArray();
        var layers = Preprocessing;
        if ((string?)file.Document["kind"] != "weights" || states is null || states.Count != layers.Count)
        {
            throw new ArtifactFormatException(path, null, $"The file does not hold the weights of a model with {layers.Count} preprocessing layers.");
        }

        for (var i = 0; i < layers.Count; i++)
        {
            try
            {
                layers[i].ReadState(states[i]!.AsObject());
            }
            catch (InvalidDataException exception)
            {
                throw new ArtifactFormatException(path, null, $"Its preprocessing is not this model's: {exception.Message}");
            }
        }

        EnsureBuilt();
        var apply = ReadSettings(path, file);
        CopyWeights(path, file, prefix: "");
        apply();

        // Layers outside the towers make their parameters when they meet their first batch.
        var known = Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var others = file.Names.Where(name => !known.Contains(name)).ToDictionary(name => name, name => file.Find(name)!, StringComparer.Ordinal);
        if (others.Count > 0)
        {
            _parts.ForEach(part => part.Layer.Expect(others));
        }
    }

    /// <summary>
    /// Measures what the loss does not tell: overridden, it adds the metrics of each task to an evaluation, for reports and for <see cref="EarlyStopping"/>.
    /// </summary>
    /// <param name="data">The rows of the evaluation.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="cancellationToken">To be checked in long work.</param>
    protected virtual void Measure(FeatureBatch data, MetricReport report, CancellationToken cancellationToken)
    {
    }

    /// <summary>The values of an expression over towers and layers for all rows, row-major: computed in blocks, without gradients.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="forward">The expression; its first axis is that of the rows.</param>
    /// <param name="batchSize">Rows at a time.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <exception cref="InvalidOperationException">The expression has another number of rows than its batch.</exception>
    protected static float[] Predict(
        FeatureBatch data, Func<Batch, Tensor> forward, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        return RowBlocks.Compute(new EncodedData(data), forward, batchSize, cancellationToken);
    }

    /// <summary>Declares a tower of the model.</summary>
    /// <param name="tower">The tower.</param>
    /// <param name="name">Name in messages and in the names of parameters.</param>
    /// <returns>The same tower.</returns>
    protected Tower Use(Tower tower, string name)
    {
        ArgumentNullException.ThrowIfNull(tower);
        _towers.Add(tower);
        Add(name, tower.Layers, tower.Place, () => tower.IsBuilt ? tower.Parameters : []);
        return tower;
    }

    /// <summary>Declares a layer outside the towers, for example a rating head that <see cref="ComputeLoss"/> calls.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Name in messages and in the names of parameters.</param>
    /// <returns>The same layer.</returns>
    protected TLayer Use<TLayer>(TLayer layer, string name)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        Add(name, layer, layer.Place, () => layer.Parameters);
        return layer;
    }

    /// <summary>Called with the training data at the start of a fit: a place for counts.</summary>
    private protected virtual void OnTrainingData(FeatureBatch data)
    {
    }

    /// <summary>What of the model, beside weights and preprocessing, is learned from data and saved with them; null for nothing.</summary>
    private protected virtual JsonObject? SaveSettings() => null;

    /// <summary>Checks what <see cref="SaveSettings"/> wrote.</summary>
    /// <returns>What takes it over; called once everything else of the file is.</returns>
    /// <exception cref="InvalidDataException">It cannot be what this model saves.</exception>
    private protected virtual Action ReadSettings(JsonObject settings) => () => { };

    private Action ReadSettings(string path, StateFile file)
    {
        try
        {
            return file.Document["settings"] is JsonObject settings ? ReadSettings(settings) : () => { };
        }
        catch (InvalidDataException exception)
        {
            throw new ArtifactFormatException(path, null, $"Its settings are not this model's: {exception.Message}.");
        }
    }

    /// <summary>What looks wrong with data, though it is allowed.</summary>
    internal virtual IEnumerable<string> WarningsAbout(EncodedData data) => data.OovWarnings(Preprocessing);

    /// <summary>Settings that change what training does and that no parameter's shape shows: part of what a checkpoint belongs to.</summary>
    internal virtual string DescribeSettings() => string.Join(
        ", ", [.. _parts.Select(part => part.Layer).SelectMany(layer => layer.DescribeSettings()), .. GroupColumn is { } column ? [$"batches of whole {column}"] : Array.Empty<string>()]);

    internal IReadOnlyList<PreprocessingLayer> Preprocessing => [.. _towers.SelectMany(tower => tower.Preprocessing).Distinct()];

    internal JsonArray PreprocessingStates() => new([.. Preprocessing.Select(layer => (JsonNode)layer.WriteState())]);

    internal void Begin(EncodedData data, ulong seed)
    {
        Place(seed);
        RememberTrainingData(data.Features);

        // A pass over the first rows makes the parameters of layers outside the towers too.
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        ComputeLoss(new Batch(data, [.. Enumerable.Range(0, Math.Min(2, data.Features.RowCount))], ForwardContext.Inference));
    }

    /// <summary>Rows on their way through this model.</summary>
    internal EncodedData Encode(FeatureBatch data) => new(data, _counts);

    internal Loss LossOf(Batch batch) => ComputeLoss(batch);

    /// <summary>The batches of an epoch over <paramref name="data"/>.</summary>
    internal BatchLoader<ReadOnlyMemory<int>> Load(EncodedData data, BatchOptions options) => BatchLoader.Rows(
        data.Features.RowCount, GroupColumn is { } column ? options with { Groups = data.Groups(column) } : options);

    internal LossAverage AverageLoss(EncodedData data, int batchSize, CancellationToken cancellationToken)
    {
        if (data.Features.RowCount == 0)
        {
            throw new ArgumentException("There is no row to evaluate on.", nameof(data));
        }

        var loader = Load(data, new BatchOptions { BatchSize = batchSize, Shuffle = false });
        var average = new LossAverage();
        using var gradients = Gradients.Off();
        foreach (var rows in loader.Epoch(0, cancellationToken))
        {
            using var scope = TensorScope.Begin();
            average.Add(ComputeLoss(new Batch(data, rows.ToArray(), ForwardContext.Inference)));
        }

        return average;
    }

    /// <summary>Copies the arrays named prefix + parameter name into the parameters, after checking all of them.</summary>
    internal void CopyWeights(string path, StateFile file, string prefix)
    {
        var parameters = Parameters;
        var arrays = parameters.Select(parameter => file.Find(prefix + parameter.Name) is { } values && values.Length == parameter.Value.Length
            ? values
            : throw new ArtifactFormatException(
                path, null, $"It has no values for {parameter}; it belongs to a model of other layers. It holds: {string.Join(", ", file.Names.Take(20))}.")).ToArray();
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i].CopyTo(parameters[i].Value.WritableValues());
        }
    }

    private void EnsureBuilt() => _towers.ForEach(tower => tower.EnsureBuilt());

    private void Place(ulong seed)
    {
        for (var i = 0; i < _parts.Count; i++)
        {
            _parts[i].Place(_parts[i].Name, new SeededRandom(seed ^ WeightsPurpose).Stream((ulong)i));
        }
    }

    private void Add(string name, Layer layer, Action<string, SeededRandom> place, Func<IEnumerable<Parameter>> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_parts.Exists(part => part.Name == name))
        {
            throw new ArgumentException($"Two parts of the model are named '{name}'. Give each a name of its own.", nameof(name));
        }

        _parts.Add((name, layer, place, parameters));
        place(name, new SeededRandom(WeightsPurpose).Stream((ulong)_parts.Count - 1));
    }
}
