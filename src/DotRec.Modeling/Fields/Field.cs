using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>One input of a ranking network: a name, and the layers from the raw feature to numbers.</summary>
/// <remarks>The name is what reports and heat maps call it. <see cref="Fields.Of"/> makes the fields of a table by its column types.</remarks>
/// <example><code>new Field("user", new StringLookup("user_id", data), new Embedding(16))</code></example>
public sealed class Field
{
    /// <summary>Makes a field.</summary>
    /// <param name="name">Name in reports.</param>
    /// <param name="layers">Applied in order; the first reads raw features.</param>
    /// <exception cref="ArgumentException">There is no layer, or the first one does not read raw features.</exception>
    public Field(string name, params IReadOnlyList<Layer> layers)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0 || layers[0] is not PreprocessingInput)
        {
            throw new ArgumentException($"Field '{name}' must begin with a preprocessing layer, such as StringLookup or Normalization.", nameof(layers));
        }

        Name = name;
        Layers = layers;
    }

    /// <summary>Name in reports.</summary>
    public string Name { get; }

    /// <summary>From the raw feature to numbers, in order.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>True when the raw feature is a number that enters as it is, scaled; false when it is looked up in a table.</summary>
    public bool IsNumeric => Input.Output.Cardinality is null;

    internal PreprocessingLayer Input => ((PreprocessingInput)Layers[0]).Preprocessing;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
