using DotRec.Data;
using DotRec.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Features.Tests;

/// <summary>One preprocessing layer as an ONNX model in ONNX Runtime.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly OnnxModel _model;
    private readonly InferenceSession _session;
    private readonly bool _jagged;

    public OnnxRun(PreprocessingLayer layer, OnnxElementType type)
    {
        var graph = new OnnxGraph("layer");
        var column = layer.Emit(new OnnxInputs(graph));
        _jagged = column.Length is not null;
        graph.Output("values", column.Values, type, type == OnnxElementType.Float ? ["batch", "width"] : _jagged ? ["batch", "padded"] : ["batch"]);
        if (column.Length is { } length)
        {
            graph.Output("length", length, OnnxElementType.Int64, "batch");
        }

        _model = graph.Build();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(_model.Bytes.ToArray(), options);
    }

    /// <summary>Numbers of shape [rows, width].</summary>
    public float[] Numbers(FeatureBatch batch)
    {
        using var outputs = Run(batch);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The list of ids of each row (one id when not jagged), and all ids, padding included.</summary>
    public (long[][] Rows, long[] All) Ids(FeatureBatch batch)
    {
        using var outputs = Run(batch);
        var all = outputs[0].GetTensorDataAsSpan<long>().ToArray();
        if (!_jagged)
        {
            return (Array.ConvertAll(all, id => new[] { id }), all);
        }

        var width = (int)outputs[0].GetTensorTypeAndShape().Shape[1];
        var lengths = outputs[1].GetTensorDataAsSpan<long>().ToArray();
        var rows = new long[batch.RowCount][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = all.AsSpan(row * width, (int)lengths[row]).ToArray();
        }

        return (rows, all);
    }

    public void Dispose() => _session.Dispose();

    private IDisposableReadOnlyCollection<OrtValue> Run(FeatureBatch batch)
    {
        var inputs = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        try
        {
            foreach (var input in _model.Inputs)
            {
                inputs[input.Name] = batch.TryGet(input.Name, out var column)
                    ? Values(column)
                    : Lengths(batch[input.Name[..^OnnxInputs.LengthSuffix.Length]]);
            }

            using var options = new RunOptions();
            return _session.Run(options, inputs, _session.OutputNames);
        }
        finally
        {
            foreach (var value in inputs.Values)
            {
                value.Dispose();
            }
        }
    }

    private static OrtValue Values(Column column) => column switch
    {
        Column<string> texts => Texts(texts),
        Column<long> integers => OrtValue.CreateTensorValueFromMemory(Padded(integers, 7, out var shape), shape),
        Column<double> numbers => OrtValue.CreateTensorValueFromMemory(Padded(numbers, 7, out var shape), shape),
        _ => OrtValue.CreateTensorValueFromMemory(Padded((Column<float>)column, 7, out var shape), shape),
    };

    private static OrtValue Texts(Column<string> column)
    {
        // Padding may hold anything: a value that is in the vocabularies must not count.
        var texts = Padded(column, "toy story", out var shape);
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (var i = 0; i < texts.Length; i++)
        {
            value.StringTensorSetElementAt(texts[i].AsSpan(), i);
        }

        return value;
    }

    private static OrtValue Lengths(Column column)
    {
        var offsets = column switch
        {
            Column<string> texts => texts.Offsets,
            Column<long> integers => integers.Offsets,
            _ => ((Column<float>)column).Offsets,
        };
        var lengths = new long[column.RowCount];
        for (var row = 0; row < lengths.Length; row++)
        {
            lengths[row] = offsets[row + 1] - offsets[row];
        }

        return OrtValue.CreateTensorValueFromMemory(lengths, [lengths.Length]);
    }

    private static T[] Padded<T>(Column<T> column, T padding, out long[] shape)
        where T : notnull
    {
        if (!column.Schema.IsJagged)
        {
            shape = [column.RowCount];
            return column.Values.ToArray();
        }

        var width = 0;
        for (var row = 0; row < column.RowCount; row++)
        {
            width = Math.Max(width, column.Row(row).Length);
        }

        var padded = new T[column.RowCount * width];
        Array.Fill(padded, padding);
        for (var row = 0; row < column.RowCount; row++)
        {
            column.Row(row).CopyTo(padded.AsSpan(row * width));
        }

        shape = [column.RowCount, width];
        return padded;
    }
}
