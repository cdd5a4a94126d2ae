using System.Text.Json.Nodes;

namespace DotRec.Features;

/// <summary>What an adapted vocabulary may hold.</summary>
/// <param name="MaxTokens">The most rows, the out-of-vocabulary row included; null for no limit.</param>
/// <param name="MinimumCount">Values that occur less often are left out.</param>
internal readonly record struct VocabularyLimits(int? MaxTokens, int MinimumCount)
{
    public static VocabularyLimits Checked(int? maxTokens, int minimumCount, string label)
    {
        if (maxTokens is < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(maxTokens), $"{label}: maxTokens is {maxTokens}; at least 2 are needed, the OOV row and one value.");
        }

        return minimumCount >= 1 ? new VocabularyLimits(maxTokens, minimumCount) : throw new ArgumentOutOfRangeException(
            nameof(minimumCount), $"{label}: minimumCount is {minimumCount}; expected 1 or more.");
    }

    public static VocabularyLimits FromState(JsonObject state, string label) =>
        Checked(LayerState.Optional<int?>(state, "maxTokens"), LayerState.Value<int>(state, "minimumCount"), label);

    public void Write(JsonObject state)
    {
        state["maxTokens"] = MaxTokens;
        state["minimumCount"] = MinimumCount;
    }
}
