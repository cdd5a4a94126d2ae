using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Makes ranking data of the user's tables.</summary>
internal static class RankingTable
{
    /// <summary>Refuses options that contradict each other.</summary>
    public static void Check(RankingPipelineOptions options)
    {
        if (options.Features.Contains(options.Label, StringComparer.Ordinal))
        {
            throw InvalidOption.Named(
                nameof(options.Features), $"'{options.Label}' is the label and named as a feature too: a model that reads what it is to predict learns nothing. Leave it out.");
        }

        if (options.Weight is { } weight && (weight == options.Label || weight == options.Test.Time || weight == options.QueryId || options.Features.Contains(weight, StringComparer.Ordinal)))
        {
            throw InvalidOption.Named(nameof(options.Weight), $"Column '{weight}' is the label, the query, the column of times or a feature, which is no weight.");
        }

        if (options.Test.Kind == HoldOutKind.ColdItems)
        {
            throw InvalidOption.Named(nameof(options.Test), "A ranking model has rows and no items to hold out. Hold out queries as a whole, rows at random or the latest.");
        }

        if (options is { Test.Kind: HoldOutKind.LastOfEach or HoldOutKind.ColdQueries, QueryId: null })
        {
            throw InvalidOption.Named(
                nameof(options.Test), $"{(options.Test.Kind == HoldOutKind.LastOfEach ? "The last row of each query is" : "All rows of some queries are")} to be held out, and nothing says which rows are one query. Set {nameof(options.QueryId)}, or hold out rows at random or the latest.");
        }

        var twice = options.Features.GroupBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1 || options.Ignore.Contains(group.Key, StringComparer.Ordinal));
        if (twice is not null)
        {
            throw InvalidOption.Named(nameof(options.Features), $"Column '{twice.Key}' is named twice among the features and the columns to ignore.");
        }
    }

    /// <summary>The options with the table's own names of columns.</summary>
    /// <exception cref="ArgumentException">A name may be either of two columns, or a column is named twice in different spellings.</exception>
    public static RankingPipelineOptions Resolve(FeatureBatch rows, RankingPipelineOptions options)
    {
        var columns = new ColumnLookup(rows);
        options = options with
        {
            Label = columns.Of(options.Label, nameof(options.Label)),
            Features = columns.Of(options.Features, nameof(options.Features)),
            Ignore = columns.Of(options.Ignore, nameof(options.Ignore)),
            Weight = options.Weight is { } weight ? columns.Of(weight, nameof(options.Weight)) : null,
            QueryId = options.QueryId is { } query ? columns.Of(query, nameof(options.QueryId)) : null,
            Kinds = columns.Of(options.Kinds, nameof(options.Kinds)),
            Test = options.Test.In(columns),
        };
        Check(options);
        return options;
    }

    /// <summary>How the file is read: columns that the caller calls something are read as that, so that a field which is not is an error with its line.</summary>
    public static CsvOptions Layout(RankingPipelineOptions options) => options.Layout with
    {
        Schema = [.. options.Kinds.Select(kind => new ColumnSchema(kind.Key, kind.Value == FeatureKind.Number ? ColumnType.Float32 : ColumnType.String))],
    };

    /// <summary>The features: as named, or all columns but the label, the ignored ones and the times that rows are held out by.</summary>
    /// <exception cref="ArgumentException">A column is not there, or none is left.</exception>
    public static string[] FeaturesOf(string file, FeatureBatch rows, RankingPipelineOptions options)
    {
        var named = options.Features.Select(name => (Option: nameof(options.Features), name))
            .Concat(options.Ignore.Select(name => (Option: nameof(options.Ignore), name)))
            .Concat(options.QueryId is { } query ? [(Option: nameof(options.QueryId), query)] : [])
            .Prepend((Option: nameof(options.Label), options.Label));
        foreach (var (option, name) in named.Where(one => !rows.TryGet(one.Item2, out _)))
        {
            throw InvalidOption.Named(option, $"{file} has no column '{name}'. Its columns are: {string.Join(", ", rows.Schema)}.");
        }

        string[] features = options.Features.Count > 0 ? [.. options.Features] :
        [
            .. rows.Columns.Select(column => column.Name).Where(
                name => name != options.Label && name != options.Test.Time && name != options.Weight && !options.Ignore.Contains(name, StringComparer.Ordinal)),
        ];
        return features.Length > 0 ? features : throw new ArgumentException($"{file} has no column left to predict '{options.Label}' from.");
    }

    /// <summary>Says what the features are: as the user has it, or by a look at the rows.</summary>
    /// <exception cref="ArgumentException">There are no rows, or a column cannot be what the user says it is.</exception>
    public static IReadOnlyList<RankingColumn> Columns(string file, FeatureBatch rows, IReadOnlyList<string> features, IReadOnlyDictionary<string, FeatureKind> kinds)
    {
        if (rows.RowCount == 0)
        {
            throw new ArgumentException($"{file} has no rows.");
        }

        foreach (var (name, _) in kinds.Where(kind => !features.Contains(kind.Key, StringComparer.Ordinal)))
        {
            throw new ArgumentException($"Column '{name}' is said to be something but is not a feature. The features are: {string.Join(", ", features)}.");
        }

        return ColumnInference.Infer(rows, features, kinds);
    }

    /// <summary>
    /// The types to read test rows with: those of the training rows, for another guess would make other categories of the same values; but whole numbers
    /// are floats, since one may be missing here that never was there.
    /// </summary>
    public static ColumnSchema[] TestTypes(FeatureBatch rows, IEnumerable<RankingColumn> columns, string label) =>
        [.. columns.Select(column => ColumnInference.Convert(rows[column.Name], column.Kind).Schema), rows[label].Schema];

    /// <summary>Says what the label is, leaves constant columns out, and codes the label.</summary>
    /// <exception cref="ArgumentException">There is nothing to learn, or nothing to learn it from.</exception>
    public static RankingData Prepare(string file, FeatureBatch rows, IReadOnlyList<RankingColumn> columns, FeatureBatch? test, RankingPipelineOptions options, PipelineNotes notes)
    {
        if (test?.RowCount == 0)
        {
            throw new ArgumentException("The table of test rows has no rows.");
        }

        test = test is null ? null : ColumnLookup.Named(test, [.. columns.Select(column => column.Name), options.Label, .. options.QueryId is { } query ? [query] : (string[])[]]);

        rows = options.Weight is { } weight ? WeightColumn.Of(rows, weight, file) : rows;
        var coding = LabelCoding.Infer(rows[options.Label], options.Positive, options.Loss);
        if (options.Loss == RankingLoss.LogLoss && !coding.IsBinary)
        {
            throw InvalidOption.Named(nameof(options.Loss), $"A log loss is for labels of two classes; '{options.Label}' has more.");
        }

        foreach (var column in columns.Where(column => column.Kind == FeatureKind.Number))
        {
            RankerTable.RequireFinite(rows[column.Name], file);
        }

        var constant = columns.Where(column => IsConstant(column, rows.RowCount)).Select(column => column.Name).ToArray();
        columns = [.. columns.Where(column => !IsConstant(column, rows.RowCount))];
        if (constant.Length > 0)
        {
            notes.Warn($"left out, for every row has the same there: {string.Join(", ", constant)}.");
        }

        if (columns.Count == 0)
        {
            throw new ArgumentException($"No feature of {file} varies: there is nothing to predict '{options.Label}' from.");
        }

        var coded = RankingData.Coded(rows, columns, coding, file);
        foreach (var warning in LeakCheck.Warnings(coded, columns, coded.Get<float>(coding.Column)))
        {
            notes.Warn(warning);
        }

        return new RankingData(file, coded, test is null ? null : RankingData.Coded(test, columns, coding, "the test table"), columns, coding, notes.Warnings);
    }

    private static bool IsConstant(RankingColumn column, int rows) => column.Distinct == 0 || (column.Distinct == 1 && column.Missing == 0 && column.Kind != FeatureKind.List && rows > 0);
}
