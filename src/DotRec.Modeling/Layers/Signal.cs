using DotRec.Autodiff;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>What flows between the layers of a tower: raw rows, category numbers, or real numbers.</summary>
internal readonly struct Signal
{
    /// <summary>Rows with raw features, or null.</summary>
    public Batch? Rows { get; private init; }

    /// <summary>Category numbers, or null.</summary>
    public Indices? Categories { get; private init; }

    /// <summary>How many different category numbers there can be.</summary>
    public int Cardinality { get; private init; }

    /// <summary>How many examples each row stands for; null when each stands for one.</summary>
    public int[]? Repeats { get; init; }

    /// <summary>Real numbers, or null.</summary>
    public Tensor? Numbers { get; private init; }

    public static Signal Of(Batch rows) => new() { Rows = rows };

    public static Signal Of(Indices categories, int cardinality) => new() { Categories = categories, Cardinality = cardinality };

    public static Signal Of(Tensor numbers) => new() { Numbers = numbers };

    public static Signal Of(EncodedColumn column) => column switch
    {
        EncodedIds { IsJagged: true } ids => Of(new Indices(ids.Values, ids.Offsets), ids.Cardinality),
        EncodedIds ids => Of(new Indices(ids.Values), ids.Cardinality),
        EncodedNumbers numbers => Of(Tensor.From(numbers.Values.Span, numbers.RowCount, numbers.Width)),
        _ => throw new InvalidOperationException($"A preprocessing layer made a {column.GetType().Name}; expected {nameof(EncodedIds)} or {nameof(EncodedNumbers)}."),
    };

    /// <exception cref="InvalidOperationException">The signal holds no category numbers.</exception>
    public Indices CategoriesFor(Layer layer) => Categories ?? throw NoCategoriesFor(layer);

    public InvalidOperationException NoCategoriesFor(Layer layer) =>
        new($"Layer {layer} takes category numbers but is given {Describe()}. {Remedy()}");

    public string Describe() => Numbers is not null ? "numbers" : Categories is not null ? "category numbers" : "raw features";

    public string Remedy() => Categories is not null
        ? "Put an Embedding between them."
        : Rows is not null ? "Begin the tower with a preprocessing layer, such as StringLookup." : "Make categories first, for example by Discretization.";
}
