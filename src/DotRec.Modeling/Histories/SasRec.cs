using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>
/// SASRec, "Self-Attentive Sequential Recommendation" (Kang and McAuley, 2018): attention over what a query had gives an embedding that is compared with those of
/// items. Trained with a softmax over the whole catalogue or over many shared negatives instead of one negative a position, which is what makes it strong
/// (Klenitskiy and Vasilev, 2023, "Turning Dross Into Gold Loss").
/// </summary>
/// <remarks>
/// The item table serves at both ends. Histories lie one after another without padding. Cost a position and step: about 36·D² operations a block, 7·D for each
/// earlier item, and 6·D for each negative. Not safe for use by several threads during a fit.
/// </remarks>
/// <example>
/// <code>
/// var histories = Histories.Of(train, "user_id", "movie_title", data, timeColumn: "timestamp");
/// var held = HistoryTargets.LeaveLastOut(histories);
/// var network = new SasRec(histories.ItemCount);
/// network.Fit(held.Histories, new HistoryFitOptions { Validation = held });
/// var hitRate = network.Evaluate(held).ExcludingSeen.HitRate[10];
/// </code>
/// </example>
public sealed class SasRec
{
    // Keeps draws of different purposes apart under the same seed.
    private const ulong WeightsPurpose = 0x57454947_48545300UL;
    private const int EmbeddedPositions = 1 << 15;

    private readonly SasRecNetwork _network;
    private bool _isFitted;

    /// <summary>Makes a model without weights.</summary>
    /// <param name="itemCount">Items of the catalogue, N, at least 2.</param>
    /// <param name="options">The shape of the network; null for the defaults.</param>
    /// <exception cref="ArgumentException">The heads do not share the dimension evenly.</exception>
    public SasRec(int itemCount, SasRecOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(itemCount, 2);
        Options = options ?? new SasRecOptions();
        if (Options.Dimension % Options.Heads != 0)
        {
            throw new ArgumentException($"The dimension is {Options.Dimension}; {Options.Heads} heads share it evenly, so it must be a multiple of {Options.Heads}.", nameof(options));
        }

        ItemCount = itemCount;
        _network = new SasRecNetwork(itemCount, Options);
        _network.Initialize(new SeededRandom(WeightsPurpose));
    }

    /// <summary>The shape of the network.</summary>
    public SasRecOptions Options { get; }

    /// <summary>Items of the catalogue, N.</summary>
    public int ItemCount { get; }

    /// <summary>Embeddings of all items by catalogue row, [N, D]: an item's score is its inner product with a history's embedding.</summary>
    public ReadOnlySpan<float> ItemEmbeddings => _network.Items.Value.Values;

    /// <summary>The parameters, item table first.</summary>
    public IReadOnlyList<Parameter> Parameters => _network.Parameters;

    /// <summary>Trains on histories: each position predicts the item after it. Histories of one item teach nothing and are left out.</summary>
    /// <param name="histories">Histories over this model's catalogue.</param>
    /// <param name="options">Epochs, batches, validation and so on; the defaults when null.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <returns>Losses, metrics on validation data, speed in positions a second, and warnings. A model that was fitted is trained further.</returns>
    /// <exception cref="ArgumentException">The histories have another catalogue, or none has two items.</exception>
    /// <exception cref="NonFiniteLossException">A batch has a loss that is NaN or infinite. The weights are those before that batch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public FitResult Fit(Histories histories, HistoryFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(histories);
        options ??= new HistoryFitOptions();
        CheckCatalogue(histories, nameof(histories));
        if (options.Validation is { } validation)
        {
            CheckCatalogue(validation.Histories, nameof(options));
        }

        if (!_isFitted)
        {
            _network.Initialize(new SeededRandom(options.Seed ^ WeightsPurpose));
            _isFitted = true;
        }

        return new HistoryTrainingRun(this, _network, histories, options).Run(cancellationToken);
    }

    /// <summary>The embedding of each history, [count, D]: the state after its last item. A history without items has zeros.</summary>
    /// <param name="histories">Histories over this model's catalogue; of each the last <see cref="SasRecOptions.Length"/> items are used.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    public float[] EmbedHistories(Histories histories, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(histories);
        CheckCatalogue(histories, nameof(histories));
        var embeddings = new float[checked(histories.Count * Options.Dimension)];
        using var gradients = Gradients.Off();
        var queries = new List<int>();
        var positions = 0;
        for (var query = 0; query < histories.Count; query++)
        {
            queries.Add(query);
            positions += Math.Min(Options.Length, histories.Of(query).Length);
            if (positions >= EmbeddedPositions || query + 1 == histories.Count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Embed(histories, [.. queries], embeddings);
                queries.Clear();
                positions = 0;
            }
        }

        return embeddings;
    }

    /// <summary>Ranks the item that came next among all items, exactly; of equal scores the lower catalogue row comes first.</summary>
    /// <param name="held">Histories and what came next.</param>
    /// <param name="ks">List lengths; 10 and 100 when none is given.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <returns>Metrics with all items as candidates, and without the items of the history itself.</returns>
    /// <exception cref="ArgumentException">There is no target, or the catalogue is another one.</exception>
    public RetrievalReport Evaluate(HistoryTargets held, IReadOnlyList<int>? ks = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(held);
        var asked = held.Sample(int.MaxValue, new SeededRandom(0));
        var scorer = new EmbeddingScorer(EmbedHistories(asked.Histories, cancellationToken), ItemEmbeddings.ToArray(), Options.Dimension);
        var ranks = ItemRanks.Compute(
            scorer, asked.Targets, SeenItems.Of(asked.Histories), [.. Enumerable.Range(0, asked.Histories.Count)], cancellationToken);
        return RetrievalReport.FromRanks(ranks.All, ranks.ExcludingSeen, [.. ks ?? [10, 100]]);
    }

    /// <summary>
    /// The query side as an ONNX model: item ids of a history in, embedding [batch, D] out. It takes the last items that it knows, skips ids that are not of the
    /// catalogue, and gives zeros where none is left.
    /// </summary>
    /// <param name="itemIds">The id of each catalogue row: texts or integers.</param>
    /// <param name="feature">Name of the input, a list of ids, oldest first.</param>
    /// <exception cref="ArgumentException">There is not one id an item, or the column cannot hold ids.</exception>
    public OnnxModel ExportQuery(Column itemIds, string feature = "history")
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        ArgumentException.ThrowIfNullOrEmpty(feature);
        return itemIds.RowCount == ItemCount
            ? new SasRecExport(_network, Options).Write(itemIds, feature)
            : throw new ArgumentException($"There are {itemIds.RowCount} ids for {ItemCount} items. Give one a catalogue row.", nameof(itemIds));
    }

    /// <summary>Writes shape and weights to one file, whole or not at all.</summary>
    public void Save(string path)
    {
        var file = new StateFile(new JsonObject { ["kind"] = "sasrec", ["items"] = ItemCount, ["options"] = JsonSerializer.SerializeToNode(Options) });
        foreach (var parameter in Parameters)
        {
            file.Add(parameter.Name, parameter.Value.Values.ToArray());
        }

        file.Write(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, bit for bit.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged, newer, or holds no such model.</exception>
    public static SasRec Load(string path)
    {
        var file = StateFile.Read(path);
        try
        {
            if ((string?)file.Document["kind"] != "sasrec" || file.Document["options"].Deserialize<SasRecOptions>() is not { } options)
            {
                throw new ArtifactFormatException(path, null, "The file does not hold a SASRec model.");
            }

            var model = new SasRec(file.Document["items"]!.GetValue<int>(), options) { _isFitted = true };
            foreach (var parameter in model.Parameters)
            {
                if (file.Find(parameter.Name) is not { } values || values.Length != parameter.Value.Length)
                {
                    throw new ArtifactFormatException(path, null, $"It has no values for {parameter}.");
                }

                values.CopyTo(parameter.Value.WritableValues());
            }

            return model;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or ArgumentException or FormatException)
        {
            throw new ArtifactFormatException(path, null, $"The shape of its model cannot be read ({exception.Message}).");
        }
    }

    private void Embed(Histories histories, int[] queries, float[] embeddings)
    {
        using var scope = TensorScope.Begin();
        var positions = JaggedPositions.Of(histories, queries, Options.Length);
        var states = _network.Forward(positions, ForwardContext.Inference).Values;
        var d = Options.Dimension;
        for (var i = 0; i < queries.Length; i++)
        {
            var end = positions.Offsets[i + 1];
            if (end > positions.Offsets[i])
            {
                states.Slice((end - 1) * d, d).CopyTo(embeddings.AsSpan(queries[i] * d));
            }
        }
    }

    private void CheckCatalogue(Histories histories, string name)
    {
        if (histories.ItemCount != ItemCount)
        {
            throw new ArgumentException($"The histories are over a catalogue of {histories.ItemCount} items, the model is over {ItemCount}.", name);
        }
    }
}
