namespace DotRec.Modeling;

/// <summary>What a retrieval loss may be told beside the embeddings. Everything is optional.</summary>
public sealed record RetrievalInputs
{
    /// <summary>A weight a query, shape [Q], 0 or more; empty for equal weights.</summary>
    public ReadOnlyMemory<float> SampleWeight { get; init; }

    /// <summary>Probability with which each candidate came into the batch, shape [C], above 0 and at most 1; empty for no correction.</summary>
    public ReadOnlyMemory<float> SamplingProbability { get; init; }

    /// <summary>Item id of each candidate, shape [C]: needed to remove accidental hits.</summary>
    public CandidateIds? CandidateIds { get; init; }

    /// <summary>Shape [Q, C], row-major: false leaves a cell out of the loss. Empty for all.</summary>
    public ReadOnlyMemory<bool> ScoreMask { get; init; }
}
