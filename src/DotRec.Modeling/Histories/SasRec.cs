using DotRec.Indexing;

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
/// var split = new LeaveLastOut(Histories.Of(train, "user_id", "movie_title", data, timeColumn: "timestamp"));
/// var network = new SasRec();
/// network.Fit(split.Train, new HistoryFitOptions { Validation = split.Validation });
/// var hitRate = network.Evaluate(split.Test).ExcludingSeen.HitRate[10];
/// </code>
/// </example>
public sealed class SasRec : HistoryNetwork
{
    internal const string Kind = "sasrec";

    /// <summary>Makes a model without weights.</summary>
    /// <param name="options">The shape of the network; null for the defaults.</param>
    /// <exception cref="ArgumentException">The heads do not share the dimension evenly.</exception>
    public SasRec(SasRecOptions? options = null)
    {
        Options = options ?? new SasRecOptions();
        if (Options.Dimension % Options.Heads != 0)
        {
            throw new ArgumentException($"The dimension is {Options.Dimension}; {Options.Heads} heads share it evenly, so it must be a multiple of {Options.Heads}.", nameof(options));
        }
    }

    /// <summary>The shape of the network.</summary>
    public override SasRecOptions Options { get; }

    private protected override string KindName => Kind;

    /// <summary>Reads what <see cref="HistoryNetwork.Save"/> wrote, bit for bit.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged, newer, or holds no such model.</exception>
    public static new SasRec Load(string path) => Load<SasRec>(path);

    /// <inheritdoc/>
    private protected override HistoryLayers CreateLayers(int itemCount) => new SasRecLayers(itemCount, Options, ItemFeatures);

    /// <inheritdoc/>
    private protected override HistoryExport CreateExport(HistoryLayers layers) => new SasRecExport((SasRecLayers)layers, Options);
}
