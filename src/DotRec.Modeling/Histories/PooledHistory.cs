using DotRec.Indexing;

namespace DotRec.Modeling;

/// <summary>
/// The items of a history pooled to one vector, by a mean, a decayed mean or attention, and a small network on it: the least that reads a history, and the
/// fastest. Trained as <see cref="SasRec"/> is, with a softmax over the whole catalogue or over many shared negatives.
/// </summary>
/// <remarks>About 12·D² operations a position and training step, with attention 36·D² and 7·D for each earlier item. Not safe for use by several threads during a fit.</remarks>
/// <example>
/// <code>
/// var split = new LeaveLastOut(Histories.Of(train, "user_id", "movie_title", data, timeColumn: "timestamp"));
/// var network = new PooledHistory(new PooledHistoryOptions { Decay = 0.9 });
/// network.Fit(split.Train, new HistoryFitOptions { Validation = split.Validation });
/// </code>
/// </example>
public sealed class PooledHistory : HistoryNetwork
{
    internal const string Kind = "pooled";

    /// <summary>Makes a model without weights.</summary>
    /// <param name="options">The shape of the network; null for the defaults.</param>
    public PooledHistory(PooledHistoryOptions? options = null) => Options = options ?? new PooledHistoryOptions();

    /// <summary>The shape of the network.</summary>
    public override PooledHistoryOptions Options { get; }

    private protected override string KindName => Kind;

    /// <summary>Reads what <see cref="HistoryNetwork.Save"/> wrote, bit for bit.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged, newer, or holds no such model.</exception>
    public static new PooledHistory Load(string path) => Load<PooledHistory>(path);

    /// <inheritdoc/>
    private protected override HistoryLayers CreateLayers(int itemCount) => new PooledHistoryLayers(itemCount, Options, ItemFeatures);

    /// <inheritdoc/>
    private protected override HistoryExport CreateExport(HistoryLayers layers) => new PooledHistoryExport((PooledHistoryLayers)layers, Options);
}
