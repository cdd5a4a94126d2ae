using System.Text.Json.Nodes;

namespace DotRec.Serving;

/// <summary>What is known of a ranking model beside its graph. Everything is saved with it.</summary>
public sealed record RankerOptions
{
    /// <summary>The column the model was trained to predict; null when it is not to be told.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>What a score is; an order by default.</summary>
    public ScoreMeaning Score { get; init; }

    /// <summary>Metrics at training time by name, for the record.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Free facts about the model, for the record.</summary>
    public JsonObject? Facts { get; init; }

    /// <summary>Files to carry in the bundle, by name: anything a later reader wants beside the model. Plain file names.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ExtraFiles { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
}
