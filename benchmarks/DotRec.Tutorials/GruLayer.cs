using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>
/// A gated recurrent unit as Keras has it (reset after the product), over steps that lie side by side: a layer of one's own, an expression over tensors.
/// </summary>
/// <param name="steps">Number of steps.</param>
/// <param name="units">Width of the state.</param>
internal sealed class GruLayer(int steps, int units) : TensorLayer
{
    private Parameter? _kernel;
    private Parameter? _recurrent;
    private Parameter? _bias;
    private Parameter? _recurrentBias;

    /// <inheritdoc/>
    protected override void Build(int inputWidth)
    {
        _kernel = AddParameter("kernel", Initializer.GlorotUniform, inputWidth / steps, 3 * units);
        _recurrent = AddParameter("recurrent", Initializer.GlorotUniform, units, 3 * units);
        _bias = AddParameter("bias", Initializer.Zeros, 3 * units);
        _recurrentBias = AddParameter("recurrent_bias", Initializer.Zeros, 3 * units);
    }

    /// <summary>[B, steps · width] to the last state, [B, units].</summary>
    protected override Tensor Forward(Tensor input, ForwardContext context)
    {
        var width = input.Shape[1] / steps;
        Tensor? state = null;
        for (var step = 0; step < steps; step++)
        {
            var x = input.Slice(1, step * width, width).MatMul(_kernel!) + _bias!;
            var h = state is null ? _recurrentBias!.Value.Reshape(1, 3 * units) : state.MatMul(_recurrent!) + _recurrentBias!;
            var update = (Part(x, 0) + Part(h, 0)).Sigmoid();
            var reset = (Part(x, 1) + Part(h, 1)).Sigmoid();
            var candidate = (Part(x, 2) + (reset * Part(h, 2))).Tanh();
            state = state is null ? (1f - update) * candidate : (update * state) + ((1f - update) * candidate);
        }

        return state!;
    }

    private Tensor Part(Tensor gates, int place) => gates.Slice(1, place * units, units);
}
