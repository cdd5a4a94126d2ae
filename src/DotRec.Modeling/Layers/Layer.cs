using DotRec.Autodiff;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// A step of a tower, as in Keras: what is trained, named and saved. What a layer takes is told by its kind, and a layer of your own derives from one of
/// them: <see cref="TensorLayer"/> takes numbers, <see cref="EmbeddingLayer"/> category numbers, <see cref="RankingNetwork"/> the fields of raw rows.
/// Preprocessing layers convert to layers that take raw rows.
/// </summary>
/// <remarks>
/// Parameters are made when the layer meets its first input and so knows its width. A layer object used in several places shares its
/// parameters between them.
/// </remarks>
public abstract class Layer
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Layer> _children = [];
    private SeededRandom? _random;
    private IReadOnlyDictionary<string, float[]>? _saved;
    private int _builtFor = -1;

    private protected Layer()
    {
    }

    /// <summary>Name in messages and in the names of parameters. The type's name by default.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>The parameters of this layer and the layers it uses, in a fixed order. Empty before the layer met an input.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. _parameters, .. _children.SelectMany(child => child.Parameters)];

    /// <summary>Position in the model, for example "query/1.Dense"; the name alone while the layer belongs to no tower.</summary>
    internal string Path { get; private set; } = "";

    internal IReadOnlyList<Layer> Children => _children;

    /// <summary>
    /// Settings beyond the shapes of parameters that change what training does, as text; null (the default) for none. A checkpoint is resumed by a model of
    /// equal settings only.
    /// </summary>
    protected internal virtual string? Settings => null;

    /// <summary>
    /// True when the same input can give different outputs in training, as with dropout; by default when a layer that this one uses is. A layer of your own that
    /// draws random numbers (<see cref="ForwardContext.NextSeed"/>) overrides it: repeated items of a batch are then embedded each for itself.
    /// </summary>
    protected internal virtual bool IsRandom => _children.Exists(child => child.IsRandom);

    /// <summary>Preprocessing may begin a tower wherever a layer may.</summary>
    public static implicit operator Layer(PreprocessingLayer preprocessing) => FromPreprocessingLayer(preprocessing);

    /// <summary>The layer that reads raw features through <paramref name="preprocessing"/>.</summary>
    public static Layer FromPreprocessingLayer(PreprocessingLayer preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return new PreprocessingInput(preprocessing);
    }

    /// <inheritdoc/>
    public override string ToString() => Path.Length > 0 ? Path : Name;

    /// <summary>The settings of this layer and those it uses, with their places.</summary>
    internal IEnumerable<string> DescribeSettings() =>
        [.. Settings is { } settings ? [$"{this} {settings}"] : Array.Empty<string>(), .. _children.SelectMany(child => child.DescribeSettings())];

    /// <summary>Gives this layer and those it uses their places in a model, and the random numbers of their first weights.</summary>
    internal void Place(string path, SeededRandom random)
    {
        if (_builtFor < 0)
        {
            Path = path;
            _random = random;
        }

        for (var i = 0; i < _children.Count; i++)
        {
            _children[i].Place($"{path}/{i}.{_children[i].Name}", random.Stream((ulong)i + 1));
        }
    }

    /// <summary>
    /// Weights for parameters that do not exist yet, of this layer and those it uses, by their names: a layer outside the towers learns its widths, and so makes its
    /// parameters, only when a model that was loaded is first asked.
    /// </summary>
    internal void Expect(IReadOnlyDictionary<string, float[]> saved)
    {
        _saved = _builtFor < 0 ? saved : null;
        _children.ForEach(child => child.Expect(saved));
    }

    /// <summary>Applies the layer to whatever flows between layers.</summary>
    /// <exception cref="InvalidOperationException">The layer takes something else; the message says what to put between.</exception>
    internal abstract Signal Apply(Signal input, ForwardContext context);

    /// <summary>Makes the parameters on the first input; later inputs must have the same size.</summary>
    private protected void BuildOnce(int inputSize, string what)
    {
        if (_builtFor < 0)
        {
            BuildFor(inputSize);
            _builtFor = inputSize;
        }
        else if (_builtFor != inputSize)
        {
            throw new InvalidOperationException(
                $"Layer {this} was built for {what} {_builtFor} but is given {inputSize}. Use a new layer, or give it the width it knows.");
        }
    }

    /// <summary>Makes the parameters for inputs of this size.</summary>
    private protected virtual void BuildFor(int inputSize)
    {
    }

    /// <summary>Makes a parameter with its first values.</summary>
    /// <param name="name">Name inside the layer.</param>
    /// <param name="initializer">First values.</param>
    /// <param name="shape">Sizes.</param>
    protected Parameter AddParameter(string name, Initializer initializer, params ReadOnlySpan<int> shape) =>
        Register(name, initializer, isRowSparse: false, shape);

    /// <summary>Declares a layer that this one calls, so that its parameters are trained and saved with this one's.</summary>
    /// <returns>The same layer.</returns>
    protected TLayer Use<TLayer>(TLayer layer)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        _children.Add(layer);
        return layer;
    }

    private protected Parameter Register(string name, Initializer initializer, bool isRowSparse, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var parameter = new Parameter($"{this}/{name}", isRowSparse, shape);
        var random = (_random ?? new SeededRandom(0)).Stream((ulong)_parameters.Count + 1000);
        (_saved is null ? initializer.Draw(random, shape) : Saved(parameter)).CopyTo(parameter.Value.WritableValues());
        _parameters.Add(parameter);
        return parameter;
    }

    private float[] Saved(Parameter parameter) => _saved!.TryGetValue(parameter.Name, out var values) && values.Length == parameter.Value.Length
        ? values
        : throw new InvalidOperationException(
            $"The weights that were loaded have no values for {parameter}; they belong to a model of other layers. They hold, beside the towers: {string.Join(", ", _saved.Keys.Take(20))}.");
}
