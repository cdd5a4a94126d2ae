using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>Optimizer steps with gradients given by hand.</summary>
internal static class Training
{
    public static Parameter Parameter(string name, params float[] values)
    {
        var parameter = new Parameter(name, values.Length);
        values.CopyTo(parameter.Value.WritableValues());
        return parameter;
    }

    public static void Step(this OptimizerState state, params (Parameter Parameter, float[] Gradient)[] gradients)
    {
        // The gradient of the sum of w · g is g.
        gradients.Select(pair => (pair.Parameter.Value * Tensor.From(pair.Gradient, pair.Gradient.Length)).Sum()).Aggregate((x, y) => x + y).Backward();
        state.Step(plannedSteps: 100);
    }

    public static float[] Weights(this Parameter parameter) => parameter.Value.Values.ToArray();
}
