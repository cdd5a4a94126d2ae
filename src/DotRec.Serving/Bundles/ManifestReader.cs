using System.Text.Json;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>bundle.json, property by property.</summary>
internal static class ManifestReader
{
    /// <exception cref="JsonException">A property is missing, null, of another type or out of range; the message names it.</exception>
    public static RecommenderManifest Recommender(JsonElement root)
    {
        var manifest = new ManifestObject(root, "");
        var (items, index) = (manifest.Object("items"), manifest.Object("index"));
        return new RecommenderManifest
        {
            FormatVersion = manifest.Integer("formatVersion", least: 1),
            Query = manifest.OptionalObject("query") is { } query ? Model(query) : null,
            History = manifest.OptionalObject("history") is { } history ? History(history) : null,
            Blend = manifest.OptionalObject("blend") is { } blend ? Blend(blend) : null,
            Item = manifest.OptionalObject("item") is { } item ? Model(item) : null,
            Ranker = manifest.OptionalObject("ranker") is { } ranker ? Model(ranker) : null,
            Items = new BundleItems(
                items.Integer("count", least: 0),
                items.Text("idColumn"),
                items.Text("idType"),
                items.Objects("columns", column => new BundleColumn(column.Text("name"), column.Choice<ColumnType>("type"), column.Flag("isList"), column.Text("file"))),
                items.OptionalText("popularityFile"),
                items.OptionalText("seenFile")),
            Index = new BundleIndex(index.Text("file"), index.Integer("dimension", least: 1), index.Choice<ScoreFunction>("scoreFunction"), index.Flag("isExact")),
            QueryIdFeature = manifest.OptionalText("queryIdFeature"),
            K = manifest.Integer("k", least: 1),
            ExcludeSeen = manifest.OptionalFlag("excludeSeen"),
            RankedCandidates = manifest.OptionalInteger("rankedCandidates", least: 1),
            ContextFeatures = manifest.OptionalTexts("contextFeatures"),
            UnknownQueries = manifest.Choice<UnknownQueryPolicy>("unknownQueries"),
            Metrics = manifest.NumbersByName("metrics"),
            Facts = manifest.OptionalNode("facts"),
            Libraries = manifest.TextsByName("libraries"),
            ExtraFiles = manifest.OptionalTexts("extraFiles"),
            Files = Files(manifest),
        };
    }

    /// <inheritdoc cref="Recommender"/>
    public static RankerManifest Ranker(JsonElement root)
    {
        var manifest = new ManifestObject(root, "");
        return new RankerManifest
        {
            FormatVersion = manifest.Integer("formatVersion", least: 1),
            Ranker = Model(manifest.Object("ranker")),
            LabelColumn = manifest.OptionalText("labelColumn"),
            Score = manifest.Choice<ScoreMeaning>("score"),
            Metrics = manifest.NumbersByName("metrics"),
            Facts = manifest.OptionalNode("facts"),
            Libraries = manifest.TextsByName("libraries"),
            ExtraFiles = manifest.OptionalTexts("extraFiles"),
            Files = Files(manifest),
        };
    }

    private static BundleHistory History(ManifestObject history) =>
        new(history.Text("feature"), history.Real("decay", above: 0, most: 1), history.Integer("length", least: 1), history.OptionalText("file"));

    private static BundleBlend Blend(ManifestObject blend) =>
        new(blend.Text("file"), blend.Text("momentsFile"), blend.Real("weight", least: 0));

    private static BundleModel Model(ManifestObject model) => new(
        model.Text("file"),
        model.Objects("inputs", Value),
        model.Objects("outputs", Value),
        model.OptionalTexts("graphInputs"),
        model.OptionalObjects("vocabularies", vocabulary => new BundleVocabulary(vocabulary.Text("file"), vocabulary.Text("feature"), vocabulary.Text("input"))),
        model.OptionalObjects("tables", table => new BundleTable(table.Text("file"), table.Text("input"), table.Long("rowCount", least: 1), table.Long("width", least: 1))));

    private static BundleValue Value(ManifestObject value) => new(value.Text("name"), value.Text("type"), value.Texts("shape"));

    private static BundleFile[] Files(ManifestObject manifest)
    {
        var files = manifest.Objects("files", file => new BundleFile(file.Text("name"), file.Long("length", least: 0), file.Text("sha256")));
        var repeated = files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return repeated is null ? files : throw new JsonException($"'files' lists '{repeated.Key}' twice.");
    }
}
