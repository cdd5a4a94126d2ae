using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>The dense part of a deep and cross network: three full-rank cross layers, then 256-128-64-1 with rectifiers.</summary>
internal sealed class DenseNetwork
{
    private const int CrossLayers = 3;
    private readonly int _batch;
    private readonly int _width;
    private readonly float[] _features;
    private readonly Parameter[] _kernels;
    private readonly Parameter[] _biases;

    public DenseNetwork(int batch, int width)
    {
        (_batch, _width) = (batch, width);
        var random = new SeededRandom(1);
        (int In, int Out)[] layers = [.. Enumerable.Repeat((width, width), CrossLayers), (width, 256), (256, 128), (128, 64), (64, 1)];
        _kernels = Array.ConvertAll(layers, layer => Filled(random, layer.In, layer.Out));
        _biases = Array.ConvertAll(layers, layer => Filled(random, layer.Out));
        _features = Filled(random, batch, width).Value.Values.ToArray();
        MultiplyAdds = 3L * batch * layers.Sum(layer => (long)layer.In * layer.Out);
    }

    /// <summary>Multiply-adds of the matrix products of one step: forward, and both gradients.</summary>
    public long MultiplyAdds { get; }

    /// <summary>One training step without the optimizer; the gradient of the features, which embeddings would take, is computed too.</summary>
    public float Step()
    {
        using var scope = TensorScope.Begin();
        var features = Tensor.From(_features, _batch, _width);
        features.RequiresGradient = true;
        var x = features;
        for (var i = 0; i < _kernels.Length; i++)
        {
            _kernels[i].ClearGradient();
            _biases[i].ClearGradient();
            var product = x.MatMul(_kernels[i]) + _biases[i];
            x = i < CrossLayers ? (features * product) + x : i + 1 < _kernels.Length ? product.Relu() : product;
        }

        var loss = (x * x).Mean();
        loss.Backward();
        return loss.Scalar;
    }

    private static Parameter Filled(SeededRandom random, params int[] shape)
    {
        var parameter = new Parameter("parameter", shape);
        foreach (ref var value in parameter.Value.WritableValues())
        {
            value = 0.02f * (float)random.NextNormal();
        }

        return parameter;
    }
}
