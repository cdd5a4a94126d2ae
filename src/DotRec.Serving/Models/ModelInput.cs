using DotRec.Data;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>The ONNX inputs of one feature, bound to its buffer again before each run.</summary>
internal abstract class ModelInput : IDisposable
{
    public static ModelInput Create(ColumnSchema feature) => feature.Type switch
    {
        ColumnType.String => new ModelInput<string>(feature),
        ColumnType.Int64 => new ModelInput<long>(feature),
        ColumnType.Float64 => new ModelInput<double>(feature),
        _ => new ModelInput<float>(feature),
    };

    /// <summary>Has the next run read the rows: [rows], or for lists [rows, longest] padded on the right and the lengths [rows].</summary>
    public abstract void Bind(OrtIoBinding binding, ColumnBuffer values);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed class ModelInput<T>(ColumnSchema feature) : ModelInput
    where T : notnull
{
    private readonly BoundInput<T> _input = new(feature.Name);
    private readonly BoundInput<long> _lengthInput = new(feature.Name + ModelSignature.LengthSuffix);
    private T[] _padded = [];
    private long[] _lengths = [];

    public override void Bind(OrtIoBinding binding, ColumnBuffer values)
    {
        var buffer = (ColumnBuffer<T>)values;
        if (feature.IsJagged)
        {
            BindLists(binding, buffer);
        }
        else
        {
            _input.Bind(binding, buffer.Memory, buffer.RowCount);
        }
    }

    public override void Dispose()
    {
        _input.Dispose();
        _lengthInput.Dispose();
    }

    private void BindLists(OrtIoBinding binding, ColumnBuffer<T> buffer)
    {
        var rows = buffer.RowCount;
        if (_lengths.Length < rows)
        {
            _lengths = new long[Math.Max(rows, 2 * _lengths.Length)];
        }

        // At least one column: an axis of length 0 is legal ONNX, yet reductions over it are where runtimes differ.
        var longest = 1;
        for (var row = 0; row < rows; row++)
        {
            _lengths[row] = buffer.Row(row).Length;
            longest = Math.Max(longest, (int)_lengths[row]);
        }

        var padded = checked(rows * longest);
        if (_padded.Length < padded)
        {
            _padded = new T[Math.Max(padded, 2 * _padded.Length)];
        }

        for (var row = 0; row < rows; row++)
        {
            var target = _padded.AsSpan(row * longest, longest);
            buffer.Row(row).CopyTo(target);
            target[(int)_lengths[row]..].Fill(Padding);
        }

        _input.Bind(binding, _padded, rows, longest);
        _lengthInput.Bind(binding, _lengths, rows);
    }

    private static T Padding => typeof(T) == typeof(string) ? (T)(object)"" : default!;
}
