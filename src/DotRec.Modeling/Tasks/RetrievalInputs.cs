namespace DotRec.Modeling;

/// <summary>What a retrieval loss may be told beside the embeddings. Everything is optional.</summary>
public sealed record RetrievalInputs
{
    /// <summary>
    /// What a batch knows of its rows' items: their ids and how often each came in the training data (in the batch's own data, where no model was
    /// trained). For losses of your own; <see cref="Retrieval.ComputeLoss(Batch, DotRec.Autodiff.Tensor, Tower, string?, string?)"/> does it by itself.
    /// </summary>
    /// <param name="batch">The rows; candidate i is the item of row i.</param>
    /// <param name="itemIdColumn">Column that identifies an item, strings or integers.</param>
    /// <param name="sampleWeightColumn">Float column with a weight for every row; null for equal weights.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static RetrievalInputs Of(Batch batch, string itemIdColumn, string? sampleWeightColumn = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentException.ThrowIfNullOrEmpty(itemIdColumn);
        var items = batch.Data.Items(itemIdColumn);
        return new RetrievalInputs
        {
            SampleWeight = batch.WeightsOf(sampleWeightColumn),
            SamplingProbability = batch.ProbabilitiesOf(itemIdColumn),
            CandidateIds = CandidateIds.OfCodes(Array.ConvertAll(batch.Rows.ToArray(), row => items.Codes[row])),
        };
    }

    /// <summary>A weight a query, shape [Q], 0 or more; empty for equal weights.</summary>
    public ReadOnlyMemory<float> SampleWeight { get; init; }

    /// <summary>Probability with which each candidate came into the batch, shape [C], above 0 and at most 1; empty for no correction.</summary>
    public ReadOnlyMemory<float> SamplingProbability { get; init; }

    /// <summary>Item id of each candidate, shape [C]: needed to remove accidental hits.</summary>
    public CandidateIds? CandidateIds { get; init; }

    /// <summary>Shape [Q, C], row-major: false leaves a cell out of the loss. Empty for all.</summary>
    public ReadOnlyMemory<bool> ScoreMask { get; init; }
}
