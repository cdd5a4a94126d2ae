namespace DotRec.Pipelines;

/// <summary>A feature of a ranking model: what its column was taken for, and what it holds.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Kind">What it was taken for.</param>
/// <param name="Distinct">Different values, a missing one not counted; of lists the different elements.</param>
/// <param name="Missing">Rows without a value: an empty text or list, a missing number.</param>
public sealed record RankingColumn(string Name, FeatureKind Kind, int Distinct, int Missing)
{
    /// <summary>What it was taken for, in words.</summary>
    public string KindName => Kind switch
    {
        FeatureKind.Text => "words",
        FeatureKind.List => "list of categories",
        FeatureKind.Number => "number",
        _ => "category",
    };
}
