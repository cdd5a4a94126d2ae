using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Makes the fields of a ranking network from columns.</summary>
/// <remarks>
/// Categories, words and lists are embedded. A number comes twice: scaled, for what is linear in it, and through the bins that a tree on the label chose
/// (<see cref="PiecewiseLinear"/>), for what bends and jumps; missing ones are marked. The width of an embedding grows with the fourth root of the number
/// of categories, up to the width asked for: a column of two values needs no eight numbers.
/// </remarks>
internal static class RankingFields
{
    // Words beyond the most frequent are noise; Keras' tutorials use the same limit.
    private const int MostWords = 10_000;

    public static IReadOnlyList<Field> Of(FeatureBatch data, IReadOnlyList<RankingColumn> columns, string label, RankingSettings settings) =>
        [.. columns.SelectMany(column => Of(data, column, label, settings))];

    private static IEnumerable<Field> Of(FeatureBatch data, RankingColumn column, string label, RankingSettings settings)
    {
        var name = column.Name;
        if (column.Kind == FeatureKind.Number)
        {
            // A part of the rows may lack what the whole has: bins and means need at least one number.
            if (data[name] is Column<float> singles ? singles.Values.ContainsAnyExcept(float.NaN) : ((Column<double>)data[name]).Values.ContainsAnyExcept(double.NaN))
            {
                foreach (var field in Fields.Of(data, [name], new FieldOptions { Label = label, MaximumBins = settings.Bins }))
                {
                    yield return field;
                }
            }
        }
        else
        {
            yield return new Field(name, Lookup(data, column, settings), () => Embedding(column, settings));
        }
    }

    private static PreprocessingLayer Lookup(FeatureBatch data, RankingColumn column, RankingSettings settings) => (column.Kind, data[column.Name].Schema.Type) switch
    {
        (FeatureKind.Text, _) => new TextVectorization(column.Name, data, MostWords),
        (_, ColumnType.Int64) => new IntegerLookup(column.Name, data, minimumCount: MinCount(data.Get<long>(column.Name), settings)),
        _ => new StringLookup(column.Name, data, minimumCount: MinCount(data.Get<string>(column.Name), settings)),
    };

    // Where no category comes so often, all are kept, as Fields.Of does: a lookup of unknown ones alone is none.
    private static int MinCount<T>(Column<T> column, RankingSettings settings)
        where T : notnull =>
        column.Values.ToArray().CountBy(value => value).Any(value => value.Value >= settings.MinimumCount) ? settings.MinimumCount : 1;

    private static Embedding Embedding(RankingColumn column, RankingSettings settings)
    {
        // Dlrm multiplies the embeddings with each other.
        var width = settings.Network == RankingNetworkKind.Dlrm
            ? settings.Dimension
            : Math.Clamp((int)Math.Ceiling(2 * Math.Pow(column.Distinct, 0.25)), 1, settings.Dimension);
        return new Embedding(width) { L2 = settings.EmbeddingL2 };
    }
}
