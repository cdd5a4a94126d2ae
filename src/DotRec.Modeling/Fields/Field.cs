using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>
/// One input of a ranking network: a name, how the raw feature is read, and how the layers from there to numbers are made. Networks make them anew, so
/// one field may serve many networks and each has tables of its own.
/// </summary>
/// <remarks>
/// The name is what reports and heat maps call it. <see cref="Fields.Of"/> makes the fields of a table by its column types. To share a table between
/// fields or networks on purpose, make the layer first: <c>var ids = new Embedding(16); new Field("user", lookup, () => ids)</c>.
/// </remarks>
/// <example><code>new Field("user", new StringLookup("user_id", data), () => new Embedding(16))</code></example>
public sealed class Field
{
    private readonly IReadOnlyList<Func<Layer>> _layers;

    /// <summary>Describes a field.</summary>
    /// <param name="name">Name in reports.</param>
    /// <param name="preprocessing">Reads the raw feature; shared by all networks, as it has nothing to train.</param>
    /// <param name="layers">Each makes a layer, applied in order. None when the preprocessing gives numbers already.</param>
    public Field(string name, PreprocessingLayer preprocessing, params IReadOnlyList<Func<Layer>> layers)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(layers);
        Name = name;
        Preprocessing = preprocessing;
        _layers = layers;
    }

    /// <summary>Name in reports.</summary>
    public string Name { get; }

    /// <summary>Reads the raw feature.</summary>
    public PreprocessingLayer Preprocessing { get; }

    /// <summary>True when the raw feature is a number that enters as it is, scaled; false when it is looked up in a table.</summary>
    public bool IsNumeric => Preprocessing.Output.Cardinality is null;

    /// <summary>The layers from the raw feature to numbers, for one network.</summary>
    public IReadOnlyList<Layer> CreateLayers() => [Preprocessing, .. _layers.Select(create => create() ?? throw new InvalidOperationException($"A layer of field '{Name}' is null."))];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
