using Microsoft.ML.OnnxRuntime;

namespace DotRec.Onnx.Tests;

/// <summary>Runs models in ONNX Runtime: the writer's independent reader.</summary>
internal static class ModelRunner
{
    /// <summary>Runs a graph that has no inputs.</summary>
    public static T[] Run<T>(OnnxGraph graph)
        where T : unmanaged => Run(graph, [], results => results[0].GetTensorDataAsSpan<T>().ToArray());

    public static string[] RunStrings(OnnxGraph graph, params (string Name, OrtValue Value)[] inputs) => Run(graph, inputs, results => results[0].GetStringTensorAsArray());

    public static TResult Run<TResult>(OnnxGraph graph, (string Name, OrtValue Value)[] inputs, Func<IDisposableReadOnlyCollection<OrtValue>, TResult> read)
    {
        var model = graph.Build();
        using var session = new InferenceSession(model.Bytes.ToArray());
        using var options = new RunOptions();
        try
        {
            using var results = session.Run(options, inputs.ToDictionary(input => input.Name, input => input.Value), [.. model.Outputs.Select(output => output.Name)]);
            return read(results);
        }
        finally
        {
            Array.ForEach(inputs, input => input.Value.Dispose());
        }
    }

    public static OrtValue Floats(float[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);

    public static OrtValue Strings(params string[] values)
    {
        var tensor = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            tensor.StringTensorSetElementAt(values[i], i);
        }

        return tensor;
    }
}
