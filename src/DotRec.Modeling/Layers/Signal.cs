using DotRec.Autodiff;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>What flows between the layers of a tower: raw rows, category numbers, or real numbers.</summary>
internal readonly struct Signal
{
    /// <summary>Rows with raw features, or null.</summary>
    public Batch? Rows { get; private init; }

    /// <summary>Category numbers, or null.</summary>
    public Categories? Categories { get; private init; }

    /// <summary>Real numbers, or null.</summary>
    public Tensor? Numbers { get; private init; }

    public static Signal Of(Batch rows) => new() { Rows = rows };

    public static Signal Of(Categories categories) => new() { Categories = categories };

    public static Signal Of(Tensor numbers) => new() { Numbers = numbers };

    /// <param name="column">Rows after preprocessing.</param>
    /// <param name="repeats">How many examples each row stands for; null when each stands for one.</param>
    public static Signal Of(EncodedColumn column, int[]? repeats = null) => column switch
    {
        EncodedIds { IsJagged: true } ids => Of(new Categories(new Indices(ids.Values, ids.Offsets), ids.Cardinality, repeats)),
        EncodedIds ids => Of(new Categories(new Indices(ids.Values), ids.Cardinality, repeats)),
        EncodedNumbers numbers => Of(Tensor.From(numbers.Values.Span, numbers.RowCount, numbers.Width)),
        _ => throw new InvalidOperationException($"A preprocessing layer made a {column.GetType().Name}; expected {nameof(EncodedIds)} or {nameof(EncodedNumbers)}."),
    };

    public string Describe() => Numbers is not null ? "numbers" : Categories is not null ? "category numbers" : "raw features";

    public string Remedy() => Categories is not null
        ? "Put an Embedding between them."
        : Rows is not null ? "Begin the tower with a preprocessing layer, such as StringLookup." : "Make categories first, for example by Discretization.";
}
