namespace DotRec.Features;

/// <summary>What a preprocessing layer gives a row: a category number, a list of them, or real numbers.</summary>
public sealed record EncodedSchema
{
    private EncodedSchema(int? cardinality, int width, bool isJagged) => (Cardinality, Width, IsJagged) = (cardinality, width, isJagged);

    /// <summary>Number of different category numbers, the rows an embedding table needs; null for real numbers.</summary>
    public int? Cardinality { get; }

    /// <summary>Values a row; 1 for category numbers.</summary>
    public int Width { get; }

    /// <summary>True when a row holds a list of category numbers.</summary>
    public bool IsJagged { get; }

    /// <summary>Category numbers.</summary>
    public static EncodedSchema Ids(int cardinality, bool isJagged = false) => new(cardinality, width: 1, isJagged);

    /// <summary>Real numbers.</summary>
    public static EncodedSchema Numbers(int width) => new(cardinality: null, width, isJagged: false);

    /// <inheritdoc/>
    public override string ToString() => Cardinality is null
        ? Width == 1 ? "a real number" : FormattableString.Invariant($"{Width:N0} real numbers")
        : FormattableString.Invariant($"{(IsJagged ? "a list of ids" : "an id")} of {Cardinality:N0}");
}
