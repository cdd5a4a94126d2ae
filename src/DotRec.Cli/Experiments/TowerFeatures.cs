using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>Which columns the towers read, and what becomes of each by its type.</summary>
/// <param name="Query">Columns of the query tower.</param>
/// <param name="Item">Columns of the item tower.</param>
/// <param name="Text">Those among them that hold text to be split into words.</param>
internal sealed record TowerFeatures(IReadOnlyList<string> Query, IReadOnlyList<string> Item, IReadOnlyCollection<string> Text)
{
    // Words beyond the most frequent are noise in titles and names; Keras' tutorials use the same limit.
    private const int GreatestVocabularyOfWords = 10_000;

    /// <summary>
    /// One column: its embedding is the tower's. Several: each has an embedding of its own (numbers are normalised instead), and a dense layer
    /// makes one embedding of all.
    /// </summary>
    public Tower CreateTower(IReadOnlyList<string> columns, FeatureBatch data, RetrievalSettings settings, bool isQuery)
    {
        var branches = columns.Select(column => Branch(data[column].Schema, data, settings)).ToArray();
        List<Layer> layers = branches.Length == 1 && branches[0].Length > 1
            ? [.. branches[0]]
            : [new Concatenate(branches), new Dense(settings.Dimension)];
        if (isQuery && settings.SharedQueryVector)
        {
            layers.Add(new Bias());
        }

        return new Tower(layers);
    }

    private Layer[] Branch(ColumnSchema column, FeatureBatch data, RetrievalSettings settings)
    {
        var embedding = new Embedding(settings.Dimension) { L2 = settings.EmbeddingL2 };
        return column.Type switch
        {
            ColumnType.String when Text.Contains(column.Name) => [new TextVectorization(column.Name, data, GreatestVocabularyOfWords), embedding],
            ColumnType.String => [new StringLookup(column.Name, data), embedding],
            ColumnType.Int64 => [new IntegerLookup(column.Name, data), embedding],
            _ => [new Normalization(column.Name, data)],
        };
    }
}
