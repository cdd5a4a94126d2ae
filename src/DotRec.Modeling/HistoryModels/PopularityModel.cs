namespace DotRec.Modeling;

/// <summary>
/// Recommends what was chosen most often, the same to everyone: what a model must beat to be worth having. On data that change with time, fit it to the
/// choices of the last days: what was chosen lately is a better answer than what was chosen most often of all.
/// </summary>
public sealed class PopularityModel : ItemToItemModel
{
    /// <inheritdoc/>
    private protected override ItemWeights LearnWeights(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken) =>
        ItemWeights.Of([.. Enumerable.Repeat((Array.Empty<int>(), Array.Empty<float>()), histories.ItemCount)]);
}
