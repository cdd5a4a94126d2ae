using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Which columns the towers read, and what becomes of each by its type.</summary>
/// <param name="Query">Columns of the query tower; the first tells who asks.</param>
/// <param name="Item">Columns of the item tower; the first tells which item.</param>
/// <param name="Kinds">What columns are whose type alone does not tell.</param>
internal sealed record TowerFeatures(IReadOnlyList<string> Query, IReadOnlyList<string> Item, IReadOnlyDictionary<string, FeatureKind> Kinds)
{
    // Words beyond the most frequent are noise in titles and names; Keras' tutorials use the same limit.
    private const int MaxVocabularyOfWords = 10_000;

    /// <summary>True: the item tower reads the features and not the id.</summary>
    public bool ReadsContentAlone { get; init; }

    /// <summary>The features that options name.</summary>
    /// <exception cref="ArgumentException">A column is named twice, or is said to be something and is no feature.</exception>
    public static TowerFeatures Of(RetrievalPipelineOptions options)
    {
        if (options is { Test.IsCold: true, KnowHeldOutValues: true })
        {
            throw InvalidOption.Named(nameof(options.KnowHeldOutValues), "Where items or queries are held out as a whole, the model may not know their ids: that is what is measured. Set KnowHeldOutValues to false.");
        }

        string[] query = [options.QueryId, .. options.QueryFeatures];
        string[] item = [options.ItemId, .. options.ItemFeatures];
        if (query.Concat(item).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Column '{twice.Key}' is named twice among the query's id and features and the item's; each column has one place.", nameof(options));
        }

        foreach (var (option, name) in new[] { (nameof(options.Weight), options.Weight), (nameof(options.Label), options.Label) })
        {
            if (name is not null && query.Concat(item).Contains(name, StringComparer.Ordinal))
            {
                throw InvalidOption.Named(option, $"Column '{name}' is an id or a feature already: what is known after a choice is no feature of it.");
            }
        }

        if (options.Weight is { } weight && (weight == options.Test.Time || weight == options.Label))
        {
            throw InvalidOption.Named(nameof(options.Weight), $"Column '{weight}' is {(weight == options.Label ? "the label" : "the column of times")}, which is no weight.");
        }

        string[] features = [.. options.QueryFeatures, .. options.ItemFeatures];
        var kinds = options.Kinds.Where(kind => !(kind.Value == FeatureKind.List && ColumnNames.Find([options.ItemId], kind.Key) >= 0)).ToDictionary(StringComparer.Ordinal);
        foreach (var name in kinds.Keys.Where(name => ColumnNames.Find(features, name) < 0))
        {
            throw new ArgumentException(
                $"Column '{name}' is said to be something but is not a feature. {(features.Length == 0 ? "There are none beside the ids." : $"The features are: {string.Join(", ", features)}.")}", nameof(options));
        }

        return new TowerFeatures(query, item, kinds);
    }

    /// <summary>The options with the tables' own names of columns; those of the interactions go first.</summary>
    /// <exception cref="ArgumentException">A name may be either of two columns, or a column is said to be two things.</exception>
    public static RetrievalPipelineOptions Resolve(FeatureBatch interactions, FeatureBatch? items, RetrievalPipelineOptions options)
    {
        var own = new ColumnLookup(interactions);
        var all = items is null ? own : new ColumnLookup(interactions, items);
        return options with
        {
            QueryId = own.Of(options.QueryId, nameof(options.QueryId)),
            QueryFeatures = own.Of(options.QueryFeatures, nameof(options.QueryFeatures)),
            ItemId = all.Of(options.ItemId, nameof(options.ItemId)),
            ItemFeatures = all.Of(options.ItemFeatures, nameof(options.ItemFeatures)),
            Kinds = all.Of(options.Kinds, nameof(options.Kinds)),
            Weight = options.Weight is { } weight ? own.Of(weight, nameof(options.Weight)) : null,
            Label = options.Label is { } label ? own.Of(label, nameof(options.Label)) : null,
            Test = options.Test.In(own),
        };
    }

    /// <summary>The table with lists taken apart; other columns are left as they are.</summary>
    public FeatureBatch WithLists(FeatureBatch data)
    {
        foreach (var (name, _) in Kinds.Where(kind => kind.Value == FeatureKind.List))
        {
            data = data.TryGet(name, out var column) ? data.With(ListField.Split(column)) : data;
        }

        return data;
    }

    /// <summary>
    /// One column: its embedding is the tower's. Several: each has an embedding of its own (numbers are normalised instead), and a dense layer
    /// makes one embedding of all.
    /// </summary>
    public Tower CreateTower(IReadOnlyList<string> columns, FeatureBatch data, RetrievalSettings settings, bool isQuery)
    {
        var hasId = isQuery || !ReadsContentAlone;
        var branches = columns.Skip(hasId ? 0 : 1).Select(column => Branch(data[column].Schema, data, settings)).ToArray();
        if (hasId && branches.Length > 1 && settings.IdDropout > 0)
        {
            // The id is the first column. By features alone there must be something left to tell items apart.
            branches[0] = [branches[0][0], new IdDropout(settings.IdDropout), .. branches[0][1..]];
        }

        List<Layer> layers = branches.Length == 1
            ? [.. branches[0]]
            : [new Concatenate(branches), new Dense(settings.Dimension)];
        if (isQuery && settings.SharedQueryVector)
        {
            layers.Add(new Bias());
        }

        return new Tower(layers);
    }

    /// <summary>The tower's columns in words: what each was taken for.</summary>
    public string[] Describe(IReadOnlyList<string> columns, FeatureBatch data) => [.. columns.Select(name =>
    {
        var column = data[name].Schema;
        var treatment = TreatmentOf(column) switch
        {
            FeatureTreatment.Words => "text, split into words",
            FeatureTreatment.Numbers => "numbers, normalised",
            _ => $"{(column.IsJagged ? "lists of " : "")}{(column.Type == ColumnType.String ? "texts" : "integers")}, looked up",
        };
        return $"{name} ({treatment})";
    })];

    private Layer[] Branch(ColumnSchema column, FeatureBatch data, RetrievalSettings settings)
    {
        var embedding = new Embedding(settings.Dimension) { L2 = settings.EmbeddingL2 };
        return TreatmentOf(column) switch
        {
            FeatureTreatment.Words => [new TextVectorization(column.Name, data, MaxVocabularyOfWords), embedding],
            FeatureTreatment.Numbers => [new Normalization(column.Name, data)],
            _ when column.Type == ColumnType.String => [new StringLookup(column.Name, data), embedding],
            _ => [new IntegerLookup(column.Name, data), embedding],
        };
    }

    private FeatureTreatment TreatmentOf(ColumnSchema column) => (Kinds.TryGetValue(column.Name, out var kind) ? kind : (FeatureKind?)null, column.Type) switch
    {
        (FeatureKind.Text, ColumnType.String) when !column.IsJagged => FeatureTreatment.Words,
        (FeatureKind.Text, _) => throw new ArgumentException($"Column '{column.Name}' is said to be text; it does not hold texts but {column.Type}{(column.IsJagged ? " lists" : "")}."),
        (FeatureKind.Number, ColumnType.String) => throw new ArgumentException($"Column '{column.Name}' is said to be a number; it does not hold numbers but texts."),
        (FeatureKind.Number, _) or (_, ColumnType.Float32 or ColumnType.Float64) => FeatureTreatment.Numbers,
        _ => FeatureTreatment.LookUp,
    };

    private enum FeatureTreatment
    {
        LookUp,
        Words,
        Numbers,
    }
}
