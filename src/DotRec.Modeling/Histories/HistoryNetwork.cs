using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Autodiff;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// A network that embeds a history, to be compared with embeddings of items: trained by predicting, at each position of each history, the item that came
/// next; served as an ONNX query side beside an index of the item embeddings.
/// </summary>
/// <remarks>Histories lie one after another without padding. Not safe for use by several threads during a fit.</remarks>
public abstract class HistoryNetwork : HistoryEmbeddingModel
{
    // Keeps draws of different purposes apart under the same seed.
    private const ulong WeightsPurpose = 0x57454947_48545300UL;
    private const int EmbeddedPositions = 1 << 15;

    private HistoryLayers? _layers;
    private HistoryFitOptions _fitOptions = new();
    private FitResult? _result;
    private ItemFeatures? _features;

    private protected HistoryNetwork()
    {
    }

    /// <summary>The shape of the network and its loss.</summary>
    public abstract HistoryNetworkOptions Options { get; }

    /// <summary>What is known of the items beside their ids, given when the model is made; null for nothing.</summary>
    public ItemFeatures? ItemFeatures
    {
        get => _features;
        init => _features = value;
    }

    /// <summary>
    /// Embeddings of all items by catalogue row, [N, D], features included: an item's score is its inner product with a history's embedding. With
    /// <see cref="ItemFeatures"/> they are added up at each call.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public override ReadOnlyMemory<float> ItemEmbeddings => Layers.Outputs.Values().ToArray();

    /// <inheritdoc/>
    public override int EmbeddingWidth => Options.Dimension;

    /// <inheritdoc/>
    public override int HistoryLength => Options.Length;

    /// <summary>The parameters, item table first.</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public IReadOnlyList<Parameter> Parameters => Layers.Parameters;

    /// <summary>What kind of network a file holds.</summary>
    private protected abstract string KindName { get; }

    private HistoryLayers Layers => _layers ?? throw new InvalidOperationException($"The model was not fit. Call {nameof(Fit)} first.");

    /// <summary>Learns from histories, from the beginning: each position predicts the item after it. Histories of one item teach nothing and are left out.</summary>
    /// <param name="histories">What each query had.</param>
    /// <param name="options">Epochs, batches, validation and so on; the defaults when null.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <returns>Losses, metrics on validation data, speed in positions a second, and warnings.</returns>
    /// <exception cref="ArgumentException">No history has two items, or the validation examples have another catalogue.</exception>
    /// <exception cref="NonFiniteLossException">A batch has a loss that is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. The model is to be fit again.</exception>
    public FitResult Fit(Histories histories, HistoryFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        _fitOptions = options ?? new HistoryFitOptions();
        try
        {
            base.Fit(histories, progress: null, cancellationToken);
            return _result!;
        }
        finally
        {
            _fitOptions = new HistoryFitOptions();
        }
    }

    /// <summary>The embedding of each history, [count, D]: the state after its last item. A history without items has zeros.</summary>
    /// <param name="histories">Histories over this model's catalogue; of each the last <see cref="HistoryNetworkOptions.Length"/> items are used.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <exception cref="ArgumentException">The catalogue is another one.</exception>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public float[] EmbedHistories(Histories histories, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(histories);
        return histories.ItemCount == Layers.ItemCount
            ? Embed(histories, [.. Enumerable.Range(0, histories.Count)], cancellationToken)
            : throw new ArgumentException($"The histories are over a catalogue of {histories.ItemCount} items, the model is over {Layers.ItemCount}.", nameof(histories));
    }

    /// <summary>Writes shape and weights to one file, whole or not at all.</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public void Save(string path)
    {
        var file = new StateFile(new JsonObject { ["kind"] = KindName, ["items"] = Layers.ItemCount, ["options"] = JsonSerializer.SerializeToNode(Options, Options.GetType()) });
        _features?.Write(file);
        foreach (var parameter in Parameters)
        {
            file.Add(parameter.Name, parameter.Value.Values.ToArray());
        }

        file.Write(path);
    }

    /// <summary>Reads a network of any kind that <see cref="Save"/> wrote, bit for bit.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged, newer, or holds no network of histories.</exception>
    public static HistoryNetwork Load(string path)
    {
        var file = StateFile.Read(path);
        try
        {
            HistoryNetwork network = (string?)file.Document["kind"] switch
            {
                SasRec.Kind => new SasRec(OptionsOf<SasRecOptions>(file)),
                Gru4Rec.Kind => new Gru4Rec(OptionsOf<Gru4RecOptions>(file)),
                PooledHistory.Kind => new PooledHistory(OptionsOf<PooledHistoryOptions>(file)),
                _ => throw new ArtifactFormatException(path, null, "The file does not hold a network of histories."),
            };
            network.Restore(path, file);
            return network;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or ArgumentException or FormatException)
        {
            throw new ArtifactFormatException(path, null, $"The shape of its model cannot be read ({exception.Message}).");
        }
    }

    /// <summary>Reads a network of one kind.</summary>
    private protected static T Load<T>(string path)
        where T : HistoryNetwork
    {
        var network = Load(path);
        return network as T ?? throw new ArtifactFormatException(
            path, null, $"The file holds a {network.GetType().Name}, not a {typeof(T).Name}. {nameof(HistoryNetwork)}.{nameof(Load)} reads any.");
    }

    /// <summary>The layers, without weights yet.</summary>
    private protected abstract HistoryLayers CreateLayers(int itemCount);

    /// <summary>What writes the layers as a graph.</summary>
    private protected abstract HistoryExport CreateExport(HistoryLayers layers);

    /// <inheritdoc/>
    private protected sealed override HistoryGraph CreateGraph() => CreateExport(Layers);

    /// <inheritdoc/>
    private protected override void Learn(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var options = progress is null ? _fitOptions : _fitOptions with { Progress = new Share(progress) };
        if (_features is { } features && features.ItemCount != histories.ItemCount)
        {
            throw new ArgumentException(
                $"The item features are of {features.ItemCount} items, the histories of a catalogue of {histories.ItemCount}. Make both of the same catalogue.", nameof(histories));
        }

        _layers = CreateLayers(histories.ItemCount);
        _layers.Initialize(new SeededRandom(options.Seed ^ WeightsPurpose));
        _result = new HistoryTrainingRun(this, _layers, histories, options).Run(cancellationToken);
    }

    /// <inheritdoc/>
    internal override void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        var embedding = Embed(Histories.Of(Layers.ItemCount, [history.ToArray()]), [0], CancellationToken.None);
        GemmKernels.Multiply(false, true, 1, scores.Length, Options.Dimension, embedding, Options.Dimension, Layers.Outputs.Values(), Options.Dimension, scores, scores.Length);
    }

    /// <inheritdoc/>
    internal override float[] EmbedQueries(NextItems examples, CancellationToken cancellationToken) => Embed(examples.Histories, examples.Queries.ToArray(), cancellationToken);

    /// <summary>The metrics of a fit under way.</summary>
    internal RetrievalMetrics Validate(NextItems examples, CancellationToken cancellationToken)
    {
        var ranks = ItemRanks.Compute(
            ScorerOf(examples, cancellationToken), examples.Items.ToArray(), SeenItems.From(examples.Histories), examples.Queries.ToArray(), cancellationToken);
        return RetrievalMetrics.FromRanks(ranks.ExcludingSeen, [10]);
    }

    private float[] Embed(Histories histories, int[] queries, CancellationToken cancellationToken)
    {
        var embeddings = new float[checked(queries.Length * Options.Dimension)];
        using var gradients = Gradients.Off();
        var (first, positions) = (0, 0);
        for (var i = 0; i < queries.Length; i++)
        {
            positions += Math.Min(Options.Length, histories.Of(queries[i]).Length);
            if (positions >= EmbeddedPositions || i + 1 == queries.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Embed(histories, queries.AsSpan(first..(i + 1)), embeddings.AsSpan(first * Options.Dimension));
                (first, positions) = (i + 1, 0);
            }
        }

        return embeddings;
    }

    private void Embed(Histories histories, ReadOnlySpan<int> queries, Span<float> embeddings)
    {
        using var scope = TensorScope.Begin();
        var positions = JaggedPositions.Of(histories, queries, Options.Length);
        var states = Layers.Forward(positions, ForwardContext.Inference).Values;
        var d = Options.Dimension;
        for (var i = 0; i < queries.Length; i++)
        {
            var end = positions.Offsets[i + 1];
            if (end > positions.Offsets[i])
            {
                states.Slice((end - 1) * d, d).CopyTo(embeddings[(i * d)..]);
            }
        }
    }

    private static T OptionsOf<T>(StateFile file) => file.Document["options"].Deserialize<T>() ?? throw new FormatException("it has no options");

    private void Restore(string path, StateFile file)
    {
        // Before any memory is taken for what a header claims.
        var items = file.Document["items"]!.GetValue<int>();
        if (file.Find(HistoryLayers.ItemTable) is not { } table || items < 1 || table.Length != (long)items * Options.Dimension)
        {
            throw new ArtifactFormatException(path, null, $"It has no embeddings of {items} items.");
        }

        _features = ItemFeatures.Read(file, items);
        _layers = CreateLayers(items);
        foreach (var parameter in Parameters)
        {
            if (file.Find(parameter.Name) is not { } values || values.Length != parameter.Value.Length)
            {
                throw new ArtifactFormatException(path, null, $"It has no values for {parameter}.");
            }

            values.CopyTo(parameter.Value.WritableValues());
        }

        MarkFit(items);
    }

    private sealed class Share(IProgress<double> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => progress.Report(
            Math.Min(1, (value.Epoch - 1 + ((double)value.Step / value.StepCount)) / value.EpochCount));
    }
}
