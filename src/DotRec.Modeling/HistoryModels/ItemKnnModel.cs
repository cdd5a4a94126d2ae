namespace DotRec.Modeling;

/// <summary>
/// Item-based nearest neighbours (Sarwar et al., 2001): items weigh by the cosine of the sets of queries that had them, shrunk where few did,
/// w(i, j) = c(i, j) / (√(c(i)·c(j)) + shrinkage), c being numbers of queries.
/// </summary>
/// <remarks>Takes Σ L² additions over the histories' lengths L, and 8 bytes a weight.</remarks>
public sealed class ItemKnnModel : ItemToItemModel
{
    /// <summary>Added to the denominator, so that items which few queries had weigh little. 20 by default, 0 for none.</summary>
    public double Shrinkage
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Shrinkage)} is at least 0.");
    } = 20;

    /// <inheritdoc/>
    private protected override ItemWeights LearnWeights(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var had = histories.Distinct();
        var (places, counts) = (new ItemPlaces(had), had.CountItems());
        return ItemWeights.Sum(
            had.ItemCount,
            Neighbours,
            (item, sums) =>
            {
                foreach (var query in places.QueriesOf(item))
                {
                    foreach (var other in had.Of(query))
                    {
                        sums.Add(other, 1);
                    }
                }

                foreach (var other in sums.Touched)
                {
                    sums[other] = other == item ? 0 : (float)(sums[other] / (Math.Sqrt((double)counts[item] * counts[other]) + Shrinkage));
                }
            },
            progress,
            cancellationToken);
    }
}
