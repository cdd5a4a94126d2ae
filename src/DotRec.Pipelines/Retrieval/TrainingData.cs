using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Makes retrieval data of the user's tables.</summary>
internal static class TrainingData
{
    // Items that a warning names.
    private const int ShownItems = 5;

    /// <summary>
    /// Checks the columns, and makes the catalogue: the given one, or the distinct items of the interactions with their first row's features.
    /// Item features that only the catalogue has are joined to the interactions, which the item tower is trained on.
    /// </summary>
    public static RetrievalData Prepare(string name, FeatureBatch interactions, FeatureBatch? catalogue, FeatureBatch? test, RetrievalPipelineOptions options, PipelineNotes notes)
    {
        const string TestName = "the test table";
        var features = TowerFeatures.Of(options);
        var (queryId, itemId) = (features.Query[0], features.Item[0]);
        interactions = ColumnLookup.Named(interactions, [.. features.Query, .. features.Item]);
        test = test is null ? null : ColumnLookup.Named(test, [.. features.Query, .. features.Item, .. options.Label is { } tested ? [tested] : (string[])[]]);
        catalogue = catalogue is null ? null : ColumnLookup.Named(catalogue, features.Item);
        Require(interactions, [.. features.Query, itemId], name);
        if (interactions.RowCount == 0)
        {
            throw new ArgumentException($"{name} has no rows to train on.");
        }

        // Before rows are left out or made: errors name the rows of the file.
        interactions = options.Weight is { } weight ? WeightColumn.Of(interactions, weight, name) : interactions;
        var coding = options.Label is { } label ? CodingOf(interactions, label, options.Positive, name) : null;
        interactions = coding is null ? interactions : interactions.With(coding.Encode(interactions[coding.Column], name));
        test = test is null ? null : ItemLists.Expand(Chosen(test, coding, TestName), itemId, IsList(options), TestName, notes);
        interactions = ItemLists.Expand(interactions, itemId, IsList(options), name, notes);
        interactions = IdRows.Of(IdRows.Of(interactions, queryId, name, notes), itemId, name, notes);
        interactions = features.WithLists(interactions);
        if (catalogue is null)
        {
            Require(interactions, features.Item, name);
            var held = test is null ? null : TestRows(test, interactions, [.. features.Query, .. features.Item], features, notes, TestName);
            var items = interactions.SelectColumns([.. features.Item]).DistinctBy(itemId);
            WarnOfSeveralValues(interactions, items.RowCount, features, notes);
            return Divided(interactions, items, held);
        }

        Require(catalogue, features.Item, "The catalogue");
        catalogue = features.WithLists(IdRows.Of(catalogue, itemId, "the catalogue", notes));
        (interactions, catalogue) = Agreed(interactions, catalogue, features);
        var distinct = catalogue.DistinctBy(itemId);
        if (distinct.RowCount < catalogue.RowCount)
        {
            notes.Warn(FormattableString.Invariant($"{catalogue.RowCount - distinct.RowCount:N0} rows of the catalogue repeat an id of '{itemId}'; the first of each is used."));
        }

        var own = features.Item.Where(column => interactions.TryGet(column, out _)).ToArray();
        if (test is not null)
        {
            test = InCatalogue(TestRows(test, interactions, [.. features.Query, .. own], features, notes, TestName), distinct, itemId, TestName, notes);
        }

        interactions = InCatalogue(interactions, distinct, itemId, "the interactions", notes);
        return Divided(WithColumnsOf(interactions), distinct, test is null ? null : WithColumnsOf(test));

        RetrievalData Divided(FeatureBatch rows, FeatureBatch items, FeatureBatch? held) => new(
            name, coding is null ? rows : Labelled(rows, coding, 1), items, queryId, itemId, features, notes.Warnings, held, coding is null ? null : Labelled(rows, coding, 0));

        FeatureBatch WithColumnsOf(FeatureBatch rows) =>
            own.Length == features.Item.Count ? rows : rows.Join(distinct.SelectColumns([itemId, .. features.Item.Except(own, StringComparer.Ordinal)]), on: itemId);
    }

    private static bool IsList(RetrievalPipelineOptions options) => options.Kinds.TryGetValue(options.ItemId, out var kind) && kind == FeatureKind.List;

    // What a label of rows says in retrieval is whether the item was chosen, and nothing else.
    private static LabelCoding CodingOf(FeatureBatch rows, string label, string? positive, string file)
    {
        Require(rows, [label], file);
        try
        {
            return LabelCoding.Infer(rows[label], positive, RankingLoss.LogLoss);
        }
        catch (ArgumentException several) when (several.ParamName == nameof(RankingPipelineOptions.Loss))
        {
            throw InvalidOption.Named(
                nameof(RetrievalPipelineOptions.Label),
                $"Column '{label}' of {file} has more than two values; a label says whether the row's item was chosen, such as 1 and 0. Ratings and times are weights.", several);
        }
    }

    private static FeatureBatch Chosen(FeatureBatch test, LabelCoding? coding, string name) =>
        coding is null || !test.TryGet(coding.Column, out var labels) ? test : Labelled(test.With(coding.Encode(labels, name)), coding, 1);

    private static FeatureBatch Labelled(FeatureBatch rows, LabelCoding coding, float value)
    {
        var labels = rows.Get<float>(coding.Column).Values.ToArray();
        return rows.Select([.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == value)]);
    }

    // Without a catalogue an item is what its first row says; training reads each row as it is.
    private static void WarnOfSeveralValues(FeatureBatch interactions, int itemCount, TowerFeatures features, PipelineNotes notes)
    {
        var items = RepeatedRows.Hashes(interactions, [features.Item[0]]);
        foreach (var name in features.Item.Skip(1))
        {
            var values = RepeatedRows.Hashes(interactions, [name]);
            var first = new Dictionary<ulong, ulong>();
            var several = new HashSet<ulong>();
            for (var row = 0; row < items.Length; row++)
            {
                if (!first.TryAdd(items[row], values[row]) && first[items[row]] != values[row])
                {
                    several.Add(items[row]);
                }
            }

            if (several.Count > 0)
            {
                notes.Warn(FormattableString.Invariant(
                    $"{several.Count:N0} of {itemCount:N0} items have several values of '{name}': an item is recommended by that of its first row, while training reads each row's own. Give a catalogue with one row an item."));
            }
        }
    }

    /// <summary>
    /// The types to read test rows with: those of the training rows, for another guess would make other values of the same text. Ids of whole numbers and
    /// lists are read as they come and converted after.
    /// </summary>
    public static ColumnSchema[] TestTypes(FeatureBatch rows, TowerFeatures features)
    {
        return [.. features.Query.Concat(features.Item).Where(name => rows.TryGet(name, out _)).Select(name => rows[name].Schema).Where(IsKnown)];

        bool IsKnown(ColumnSchema column) => !column.IsJagged
            && (column.Name == features.Query[0] || column.Name == features.Item[0]
                ? column.Type == ColumnType.String
                : !features.Kinds.TryGetValue(column.Name, out var kind) || kind != FeatureKind.List);
    }

    // Test rows as the training rows are: with ids, lists taken apart, each column of the type that the model reads.
    private static FeatureBatch TestRows(FeatureBatch test, FeatureBatch interactions, string[] columns, TowerFeatures features, PipelineNotes notes, string name)
    {
        columns = [.. columns.Append(features.Item[0]).Distinct(StringComparer.Ordinal)];
        Require(test, columns, "The test table");
        test = features.WithLists(IdRows.Of(IdRows.Of(test, features.Query[0], name, notes), features.Item[0], name, notes));
        foreach (var column in columns)
        {
            try
            {
                test = test.With(test[column].ConvertTo(interactions[column].Schema.Type));
            }
            catch (ArgumentException misfit)
            {
                throw new ArgumentException($"The test table must have the types of the training rows. {misfit.Message}", misfit);
            }
        }

        return test.RowCount > 0 ? test : throw new ArgumentException("The test table has no rows.");
    }

    // One file may write whole numbers where the other has fractions or texts: both get the type that keeps all values.
    private static (FeatureBatch Interactions, FeatureBatch Catalogue) Agreed(FeatureBatch interactions, FeatureBatch catalogue, TowerFeatures features)
    {
        foreach (var name in features.Item)
        {
            if (!interactions.TryGet(name, out var own) || own.Schema == catalogue[name].Schema)
            {
                continue;
            }

            var other = catalogue[name];
            if (own.Schema.IsJagged != other.Schema.IsJagged)
            {
                throw new ArgumentException($"The interactions and the catalogue must agree on '{name}': one has '{own.Schema}', the other '{other.Schema}'.");
            }

            var type = own.Schema.Type == ColumnType.String || other.Schema.Type == ColumnType.String ? ColumnType.String : ColumnType.Float64;
            (interactions, catalogue) = (interactions.With(own.ConvertTo(type)), catalogue.With(other.ConvertTo(type)));
        }

        return (interactions, catalogue);
    }

    // An item that the catalogue lacks cannot be recommended: the rows that name it are left out.
    private static FeatureBatch InCatalogue(FeatureBatch interactions, FeatureBatch catalogue, string itemId, string name, PipelineNotes notes)
    {
        var known = Texts(catalogue[itemId]).ToHashSet(StringComparer.Ordinal);
        var items = Texts(interactions[itemId]);
        var rows = Enumerable.Range(0, items.Length).Where(row => known.Contains(items[row])).ToArray();
        if (rows.Length == items.Length)
        {
            return interactions;
        }

        var lacking = items.Where(item => !known.Contains(item)).Distinct(StringComparer.Ordinal).ToArray();
        var shown = string.Join(", ", lacking.Take(ShownItems)) + (lacking.Length > ShownItems ? ", …" : "");
        notes.Warn(rows.Length > 0
            ? FormattableString.Invariant($"the catalogue lacks {lacking.Length:N0} items of {name} ({shown}): {items.Length - rows.Length:N0} of {items.Length:N0} rows name one of them and are left out.")
            : throw new ArgumentException($"The catalogue has none of the items of {name}, such as {shown}. Do both write '{itemId}' in the same way?"));
        return interactions.Select(rows);
    }

    private static string[] Texts(Column ids) => ((Column<string>)ids.ConvertTo(ColumnType.String)).Values.ToArray();

    private static void Require(FeatureBatch data, IEnumerable<string> columns, string file)
    {
        foreach (var column in columns.Where(column => !data.TryGet(column, out _)))
        {
            throw new ArgumentException($"{file} has no column '{column}'. Its columns are: {string.Join(", ", data.Schema)}.");
        }
    }
}
