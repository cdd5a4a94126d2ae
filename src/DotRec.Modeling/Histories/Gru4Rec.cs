using DotRec.Indexing;

namespace DotRec.Modeling;

/// <summary>
/// GRU4Rec, "Session-based Recommendations with Recurrent Neural Networks" (Hidasi et al., 2016): a gated recurrent unit reads a history item by item, and its
/// state is compared with embeddings of items. Trained as <see cref="SasRec"/> is, with a softmax over the whole catalogue or over many shared negatives.
/// </summary>
/// <remarks>
/// A step of the recurrence costs the same however long the history is: about 36·D² operations a position and training step. The state after a history is all
/// that a next step needs. Not safe for use by several threads during a fit.
/// </remarks>
/// <example>
/// <code>
/// var split = new LeaveLastOut(Histories.Of(train, "user_id", "movie_title", data, timeColumn: "timestamp"));
/// var network = new Gru4Rec();
/// network.Fit(split.Train, new HistoryFitOptions { Validation = split.Validation });
/// </code>
/// </example>
public sealed class Gru4Rec : HistoryNetwork
{
    internal const string Kind = "gru4rec";

    /// <summary>Makes a model without weights.</summary>
    /// <param name="options">The shape of the network; null for the defaults.</param>
    public Gru4Rec(Gru4RecOptions? options = null) => Options = options ?? new Gru4RecOptions();

    /// <summary>The shape of the network.</summary>
    public override Gru4RecOptions Options { get; }

    private protected override string KindName => Kind;

    /// <summary>Reads what <see cref="HistoryNetwork.Save"/> wrote, bit for bit.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged, newer, or holds no such model.</exception>
    public static new Gru4Rec Load(string path) => Load<Gru4Rec>(path);

    /// <inheritdoc/>
    private protected override HistoryLayers CreateLayers(int itemCount) => new Gru4RecLayers(itemCount, Options, ItemFeatures);

    /// <inheritdoc/>
    private protected override HistoryExport CreateExport(HistoryLayers layers) => new Gru4RecExport((Gru4RecLayers)layers, Options);
}
