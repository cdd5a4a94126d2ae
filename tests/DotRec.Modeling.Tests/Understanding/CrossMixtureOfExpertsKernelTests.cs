using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class CrossMixtureOfExpertsKernelTests
{
    [Theory]
    [InlineData(ExpertGate.Softmax)]
    [InlineData(ExpertGate.Sigmoid)]
    public void Its_kernel_is_what_it_multiplies_small_inputs_with(ExpertGate gate)
    {
        const int width = 5;
        const float small = 1e-3f;
        var mixture = new CrossMixtureOfExperts(3, experts: 2, gate) { KernelInitializer = Initializer.GlorotUniform };
        mixture.Place("mixture", new SeededRandom(4));
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        var ones = Tensor.From(Enumerable.Repeat(1f, width).ToArray(), 1, width);
        _ = mixture.Call(ones, ones, ForwardContext.Inference);
        var kernel = mixture.EffectiveKernel();
        for (var i = 0; i < width; i++)
        {
            var x = new float[width];
            x[i] = small;
            var output = mixture.Call(ones, Tensor.From(x, 1, width), ForwardContext.Inference).Values;
            for (var j = 0; j < width; j++)
            {
                // x0 is 1 and b is 0, so the output is x · W + x.
                Assert.Equal((output[j] - x[j]) / small, kernel[(i * width) + j], 1e-3f);
            }
        }
    }
}
