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
/// <code>
/// sealed class MovieModel : RecommenderModel
/// {
///     private readonly Retrieval _task = new();
///     private readonly Tower _users, _movies;
///
///     public MovieModel(FeatureBatch ratings)
///     {
///         _users = Use(new Tower(new StringLookup("user_id", ratings), new Embedding(32)), "users");
///         _movies = Use(new Tower(new StringLookup("movie_title", ratings), new Embedding(32)), "movies");
///     }
///
///     protected override Tensor ComputeLoss(Batch batch) => _task.ComputeLoss(_users.Forward(batch), _movies.Forward(batch));
/// }
/// </code>
/// </example>
public abstract class RecommenderModel
{
    // Keeps first weights apart from the order of rows under the same seed.
    private const ulong WeightsPurpose = 0x57454947_48545300UL;

    private readonly List<(string Name, Layer Layer, Action<string, SeededRandom> Place, Func<IEnumerable<Parameter>> Parameters)> _parts = [];
    private readonly List<Tower> _towers = [];

    /// <summary>Rows of a batch outside training when none is given.</summary>
    public const int DefaultEvaluationBatchSize = 4096;

    /// <summary>The towers, in the order of declaration.</summary>
    public IReadOnlyList<Tower> Towers => _towers;

    /// <summary>The parameters that exist, each once: all of them after a fit, a load or an embedding of anything.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _parts.SelectMany(part => part.Parameters()).Distinct()];

    /// <summary>What <see cref="Fit"/> takes when it is given no options; a start for your own by <c>with</c>.</summary>
    public virtual FitOptions DefaultFitOptions => new();

    /// <summary>
    /// By what the value of <see cref="ComputeLoss"/> is divided to be a mean per example, the way all losses are reported: 1 (the default) when
    /// it is a mean, <see cref="Batch.RowCount"/> when it is a sum. With a <see cref="GroupColumn"/>, per group.
    /// </summary>
    protected virtual double LossDivisor(Batch batch) => 1;

    /// <summary>
    /// Column whose equal values name rows that must stay in one batch, because the loss compares them; null (the default) for none. Batches then hold
    /// whole groups, <see cref="FitOptions.BatchSize"/> rows on average, groups are shuffled instead of rows, and losses are means per group.
    /// </summary>
    protected virtual string? GroupColumn => null;

    /// <summary>The scalar to minimise for a batch.</summary>
    /// <remarks>Called for training batches and, with gradients off, for evaluation; <see cref="Batch.Context"/> tells which.</remarks>
    protected abstract Tensor ComputeLoss(Batch batch);

    /// <summary>Trains on the rows of <paramref name="data"/>.</summary>
    /// <param name="data">Training rows; encoded once, then batches pick rows.</param>
    /// <param name="options">Epochs, batch size, optimizer and so on; <see cref="DefaultFitOptions"/> when null.</param>
    /// <param name="cancellation">Checked before every step; with a checkpoint configured, the state is saved before the fit ends.</param>
    /// <returns>Losses, speed and warnings. A model that has weights already is trained further.</returns>
    /// <exception cref="NonFiniteLossException">A batch has a loss that is NaN or infinite. The weights are those before that batch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">A checkpoint exists that belongs to other data, options or another model.</exception>
    public FitResult Fit(FeatureBatch data, FitOptions? options = null, CancellationToken cancellation = default)
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

        return new TrainingRun(this, data, options).Run(cancellation);
    }

    /// <summary>Measures the model on held-out rows.</summary>
    /// <param name="data">Rows the model was not trained on.</param>
    /// <param name="batchSize">Rows at a time.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public virtual Evaluation Evaluate(FeatureBatch data, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new Evaluation(MeanLoss(new EncodedData(data), batchSize, cancellation), data.RowCount);
    }

    /// <summary>Writes weights and preprocessing (vocabularies and the like) to one file, whole or not at all.</summary>
    public void Save(string path)
    {
        EnsureBuilt();
        var file = new StateFile(new JsonObject { ["kind"] = "weights", ["preprocessing"] = PreprocessingStates() });
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
        CopyWeights(path, file, prefix: "");
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

    /// <summary>Called once at the start of a fit, with the data encoded: a place for counts over the training data.</summary>
    private protected virtual void OnFitStarting(EncodedData data)
    {
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
        OnFitStarting(data);

        // A pass over the first rows makes the parameters of layers outside the towers too.
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        ComputeLoss(new Batch(data, [.. Enumerable.Range(0, Math.Min(2, data.Features.RowCount))], ForwardContext.Inference));
    }

    internal Tensor LossOf(Batch batch) => ComputeLoss(batch);

    internal double DivisorOf(Batch batch) => LossDivisor(batch);

    /// <summary>Over how many examples, or groups, the loss of a batch is a mean.</summary>
    internal int CountOf(Batch batch) => GroupColumn is { } column ? batch.Groups(column).Count : batch.RowCount;

    /// <summary>The batches of an epoch over <paramref name="data"/>.</summary>
    internal BatchLoader<ReadOnlyMemory<int>> Load(EncodedData data, BatchOptions options) => BatchLoader.Rows(
        data.Features.RowCount, GroupColumn is { } column ? options with { Groups = data.Groups(column) } : options);

    internal double MeanLoss(EncodedData data, int batchSize, CancellationToken cancellation)
    {
        if (data.Features.RowCount == 0)
        {
            throw new ArgumentException("There is no row to evaluate on.", nameof(data));
        }

        var loader = Load(data, new BatchOptions { BatchSize = batchSize, Shuffle = false });
        double sum = 0;
        long total = 0;
        using var gradients = Gradients.Off();
        foreach (var rows in loader.Epoch(0, cancellation))
        {
            using var scope = TensorScope.Begin();
            var batch = new Batch(data, rows.ToArray(), ForwardContext.Inference);
            var count = CountOf(batch);
            sum += ComputeLoss(batch).Scalar / LossDivisor(batch) * count;
            total += count;
        }

        return sum / total;
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
