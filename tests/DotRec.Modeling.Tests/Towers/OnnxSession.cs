using DotRec.Data;
using DotRec.Features;
using DotRec.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Modeling.Tests;

/// <summary>An exported tower or ranking model in ONNX Runtime: the same raw columns in.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly OnnxModel _model;
    private readonly InferenceSession _session;

    public OnnxSession(OnnxModel model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _model = model;
        _session = new InferenceSession(model.Bytes.ToArray(), options);
    }

    public float[] Embed(FeatureBatch batch)
    {
        var inputs = _model.Inputs.ToDictionary(input => input.Name, input => batch.TryGet(input.Name, out var column)
            ? Values(column)
            : Lengths(batch.Get<string>(input.Name[..^OnnxInputs.LengthSuffix.Length])));
        using var options = new RunOptions();
        using var outputs = _session.Run(options, inputs, [_model.Outputs[0].Name]);
        foreach (var input in inputs.Values)
        {
            input.Dispose();
        }

        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();

    private static OrtValue Values(Column column)
    {
        if (column is Column<float> floats)
        {
            return OrtValue.CreateTensorValueFromMemory(floats.Values.ToArray(), [floats.RowCount]);
        }

        if (column is Column<long> integers)
        {
            return OrtValue.CreateTensorValueFromMemory(integers.Values.ToArray(), [integers.RowCount]);
        }

        var texts = (Column<string>)column;
        var width = texts.Schema.IsJagged ? Enumerable.Range(0, texts.RowCount).Max(row => texts.Row(row).Length) : 1;
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, texts.Schema.IsJagged ? [texts.RowCount, width] : [texts.RowCount]);
        for (var row = 0; row < texts.RowCount; row++)
        {
            for (var i = 0; i < width; i++)
            {
                // Padding holds a known word, which must not count.
                value.StringTensorSetElementAt(i < texts.Row(row).Length ? texts.Row(row)[i] : "Drama", (row * width) + i);
            }
        }

        return value;
    }

    private static OrtValue Lengths(Column<string> column) => OrtValue.CreateTensorValueFromMemory(
        [.. Enumerable.Range(0, column.RowCount).Select(row => (long)column.Row(row).Length)], [column.RowCount]);
}
