using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The layers of a <see cref="SasRec"/>: item and position embeddings, blocks of causal attention and a small network, each behind a layer norm and beside the
/// path that passes it by ("pre-norm"), and a last layer norm.
/// </summary>
internal sealed class SasRecNetwork
{
    public const float NormEpsilon = 1e-5f;
    public const string ItemTable = "items";

    private readonly SasRecOptions _options;
    private readonly List<(Parameter Parameter, Initializer Initializer)> _parameters = [];

    public SasRecNetwork(int itemCount, SasRecOptions options)
    {
        _options = options;
        var d = options.Dimension;
        Items = Add(ItemTable, Initializer.Normal(options.InitialDeviation), isRowSparse: true, itemCount, d);
        Positions = Add("positions", Initializer.Normal(options.InitialDeviation), isRowSparse: false, options.Length, d);
        Blocks = [.. Enumerable.Range(0, options.Blocks).Select(block => new Block(this, $"block{block}", d))];
        (Gain, Bias) = Norm("norm", d);
    }

    /// <summary>[N, D]: the embedding of each item, as input and as what a history is compared with.</summary>
    public Parameter Items { get; }

    /// <summary>[L, D]: what a place in the history adds, counted from the end.</summary>
    public Parameter Positions { get; }

    /// <summary>N.</summary>
    public int ItemCount => Items.Value.Shape[0];

    public IReadOnlyList<Block> Blocks { get; }

    public Parameter Gain { get; }

    public Parameter Bias { get; }

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
    public Tensor Forward(JaggedPositions positions, ForwardContext context)
    {
        var x = (Items.Value.Gather(new Indices(positions.Items)) * MathF.Sqrt(_options.Dimension)) + Positions.Value.Gather(new Indices(positions.Ages));
        x = Drop(x, context);
        foreach (var block in Blocks)
        {
            var attended = (x.LayerNorm(block.AttentionGain, block.AttentionBias, NormEpsilon).MatMul(block.Joined) + block.JoinedBias)
                .CausalAttention(positions.Offsets, _options.Heads);
            x += Drop(attended.MatMul(block.Out) + block.OutBias, context);
            var inner = (x.LayerNorm(block.Gain, block.Bias, NormEpsilon).MatMul(block.Inner) + block.InnerBias).Relu();
            x += Drop(Drop(inner, context).MatMul(block.Outer) + block.OuterBias, context);
        }

        return x.LayerNorm(Gain, Bias, NormEpsilon);
    }

    private Tensor Drop(Tensor x, ForwardContext context) => x.Dropout((float)_options.Dropout, context.NextSeed(), context.IsTraining);

    private Parameter Add(string name, Initializer initializer, bool isRowSparse, params ReadOnlySpan<int> shape)
    {
        var parameter = new Parameter(name, isRowSparse, shape);
        _parameters.Add((parameter, initializer));
        return parameter;
    }

    private (Parameter Gain, Parameter Bias) Norm(string name, int width) =>
        (Add($"{name}/gain", Initializer.Ones, isRowSparse: false, width), Add($"{name}/bias", Initializer.Zeros, isRowSparse: false, width));

    /// <summary>The weights of one block. Queries, keys and values are one product: their weights stand side by side.</summary>
    internal sealed class Block
    {
        public Block(SasRecNetwork network, string name, int d)
        {
            // Glorot's normal form of a square matrix.
            var square = Initializer.Normal(1 / Math.Sqrt(d));
            (AttentionGain, AttentionBias) = network.Norm($"{name}/attention-norm", d);
            Joined = network.Add($"{name}/queries-keys-values", square, isRowSparse: false, d, 3 * d);
            JoinedBias = network.Add($"{name}/queries-keys-values-bias", Initializer.Zeros, isRowSparse: false, 3 * d);
            Out = network.Add($"{name}/out", square, isRowSparse: false, d, d);
            OutBias = network.Add($"{name}/out-bias", Initializer.Zeros, isRowSparse: false, d);
            (Gain, Bias) = network.Norm($"{name}/norm", d);
            Inner = network.Add($"{name}/inner", square, isRowSparse: false, d, d);
            InnerBias = network.Add($"{name}/inner-bias", Initializer.Zeros, isRowSparse: false, d);
            Outer = network.Add($"{name}/outer", square, isRowSparse: false, d, d);
            OuterBias = network.Add($"{name}/outer-bias", Initializer.Zeros, isRowSparse: false, d);
        }

        public Parameter AttentionGain { get; }

        public Parameter AttentionBias { get; }

        public Parameter Joined { get; }

        public Parameter JoinedBias { get; }

        public Parameter Out { get; }

        public Parameter OutBias { get; }

        public Parameter Gain { get; }

        public Parameter Bias { get; }

        public Parameter Inner { get; }

        public Parameter InnerBias { get; }

        public Parameter Outer { get; }

        public Parameter OuterBias { get; }
    }
}
