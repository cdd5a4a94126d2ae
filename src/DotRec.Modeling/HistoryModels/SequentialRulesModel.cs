namespace DotRec.Modeling;

/// <summary>
/// Sequential rules (Ludewig and Jannach, "Evaluation of session-based recommendation algorithms", 2018): how often item j came within some steps after item
/// i, nearer ones counting more, w(i, j) = Σ 1 / distance / c(i).
/// </summary>
/// <remarks>Seconds on a million choices: as many additions as choices times steps. Hard to beat where order matters and histories are short.</remarks>
public sealed class SequentialRulesModel : ItemToItemModel
{
    /// <summary>How far behind an item another one still follows it. 10 by default.</summary>
    public int Steps
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Steps)} is at least 1.");
    } = 10;

    /// <inheritdoc/>
    private protected override ItemWeights LearnWeights(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var places = new ItemPlaces(histories);
        return ItemWeights.Sum(
            histories.ItemCount,
            Neighbours,
            (item, sums) =>
            {
                var own = places.Of(item);
                var queries = places.QueriesOf(item);
                for (var i = 0; i < own.Length; i++)
                {
                    var after = histories.Items[(own[i] + 1)..Math.Min(own[i] + 1 + Steps, histories.Offsets[queries[i] + 1])];
                    for (var distance = 1; distance <= after.Length; distance++)
                    {
                        sums.Add(after[distance - 1], 1f / distance);
                    }
                }

                foreach (var other in sums.Touched)
                {
                    sums[other] /= own.Length;
                }
            },
            progress,
            cancellationToken);
    }
}
