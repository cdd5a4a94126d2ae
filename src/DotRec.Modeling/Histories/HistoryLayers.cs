using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>The layers of a <see cref="HistoryNetwork"/>: parameters, and the state after each position of a jagged batch.</summary>
internal abstract class HistoryLayers
{
    public const float NormEpsilon = 1e-5f;
    public const string ItemTable = "items";

    private readonly HistoryNetworkOptions _options;
    private readonly List<(Parameter Parameter, Initializer Initializer)> _parameters = [];

    protected HistoryLayers(int itemCount, HistoryNetworkOptions options, ItemFeatures? features)
    {
        _options = options;
        Inputs = AddItems("", itemCount, features);
        Outputs = options.TieEmbeddings ? Inputs : AddItems("output ", itemCount, features);
    }

    /// <summary>The embeddings of items in histories.</summary>
    public ItemEmbedding Inputs { get; }

    /// <summary>The embeddings that states are compared with; the same where they are tied.</summary>
    public ItemEmbedding Outputs { get; }

    /// <summary>N.</summary>
    public int ItemCount => Inputs.ItemCount;

    public IReadOnlyList<Parameter> Parameters => [.. _parameters.Select(pair => pair.Parameter)];

    /// <summary>Draws first weights.</summary>
    public void Initialize(SeededRandom random)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            var value = _parameters[i].Parameter.Value;
            _parameters[i].Initializer.Draw(random.Stream((ulong)i), value.Shape).CopyTo(value.WritableValues());
        }
    }

    /// <summary>The state after each position: [P, D].</summary>
    public abstract Tensor Forward(JaggedPositions positions, ForwardContext context);

    /// <summary>Embeddings of the items of a batch, of about the variance of the first weights of layers: times √D.</summary>
    protected Tensor Embed(JaggedPositions positions) => Inputs.Of(positions.Items) * MathF.Sqrt(_options.Dimension);

    protected Tensor Drop(Tensor x, ForwardContext context) => x.Dropout((float)_options.Dropout, context.NextSeed(), context.IsTraining);

    protected internal Parameter Add(string name, Initializer initializer, params ReadOnlySpan<int> shape) => Add(name, initializer, isRowSparse: false, shape);

    protected internal (Parameter Gain, Parameter Bias) AddNorm(string name, int width) =>
        (Add($"{name}/gain", Initializer.Ones, width), Add($"{name}/bias", Initializer.Zeros, width));

    /// <summary>Weights [inputs, outputs] of Glorot's normal form, and a bias of zeros.</summary>
    protected internal (Parameter Weights, Parameter Bias) AddDense(string name, int inputs, int outputs) =>
        (Add(name, Initializer.Normal(Math.Sqrt(2.0 / (inputs + outputs))), inputs, outputs), Add($"{name}-bias", Initializer.Zeros, outputs));

    private ItemEmbedding AddItems(string prefix, int itemCount, ItemFeatures? features)
    {
        Parameter Table(string name, int rows) => Add(prefix + name, Initializer.Normal(_options.InitialDeviation), isRowSparse: true, rows, _options.Dimension);
        var items = Table(ItemTable, itemCount);
        return new ItemEmbedding(items, [.. (features?.Columns ?? []).Select(column => (Table($"feature {column.Name}", column.ValueCount), column))]);
    }

    private Parameter Add(string name, Initializer initializer, bool isRowSparse, params ReadOnlySpan<int> shape)
    {
        var parameter = new Parameter(name, isRowSparse, shape);
        _parameters.Add((parameter, initializer));
        return parameter;
    }
}
