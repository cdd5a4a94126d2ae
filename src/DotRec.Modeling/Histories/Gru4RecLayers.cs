using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>The layers of a <see cref="Gru4Rec"/>: item embeddings, recurrent layers one above the other, and a layer norm.</summary>
internal sealed class Gru4RecLayers : HistoryLayers
{
    public Gru4RecLayers(int itemCount, Gru4RecOptions options, ItemFeatures? features)
        : base(itemCount, options, features)
    {
        Layers = [.. Enumerable.Range(0, options.Layers).Select(layer => new Layer(this, $"layer{layer}", options.Dimension))];
        (Gain, Bias) = AddNorm("norm", options.Dimension);
    }

    public IReadOnlyList<Layer> Layers { get; }

    public Parameter Gain { get; }

    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(JaggedPositions positions, ForwardContext context)
    {
        var x = Drop(Embed(positions), context);
        foreach (var layer in Layers)
        {
            x = Drop((x.MatMul(layer.Inputs) + layer.InputBias).GatedRecurrence(layer.States, layer.StateBias, positions.Offsets), context);
        }

        return x.LayerNorm(Gain, Bias, NormEpsilon);
    }

    /// <summary>The weights of one layer: those of reset gate, update gate and new state side by side.</summary>
    internal sealed class Layer
    {
        public Layer(Gru4RecLayers layers, string name, int d)
        {
            // The deviation of a uniform distribution of ±1/√D, as is usual for recurrent layers.
            var weights = Initializer.Normal(1 / Math.Sqrt(3.0 * d));
            Inputs = layers.Add($"{name}/inputs", weights, d, 3 * d);
            InputBias = layers.Add($"{name}/input-bias", Initializer.Zeros, 3 * d);
            States = layers.Add($"{name}/states", weights, d, 3 * d);
            StateBias = layers.Add($"{name}/state-bias", Initializer.Zeros, d);
        }

        /// <summary>[D, 3·D].</summary>
        public Parameter Inputs { get; }

        /// <summary>[3·D].</summary>
        public Parameter InputBias { get; }

        /// <summary>[D, 3·D].</summary>
        public Parameter States { get; }

        /// <summary>[D]: inside the reset gate's product.</summary>
        public Parameter StateBias { get; }
    }
}
