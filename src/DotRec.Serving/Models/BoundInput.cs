using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>
/// One input of a model over an array that its owner fills again and again. Only another array or another shape makes a tensor; numbers are
/// read where they are, texts are copied on every call.
/// </summary>
internal sealed class BoundInput<T>(string name) : IDisposable
    where T : notnull
{
    private T[]? _array;
    private int _rows;
    private int _columns;
    private OrtValue? _tensor;

    /// <summary>Has the next run read the first values of an array.</summary>
    /// <param name="binding">The bindings of the run.</param>
    /// <param name="array">The values, row after row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Values a row for the shape [rows, columns]; 0 for the shape [rows].</param>
    public void Bind(OrtIoBinding binding, T[] array, int rows, int columns = 0)
    {
        var count = rows * Math.Max(columns, 1);
        if (_tensor is null || array != _array || rows != _rows || columns != _columns)
        {
            var tensor = Tensor(array.AsMemory(0, count), columns == 0 ? [rows] : [rows, columns]);
            binding.BindInput(name, tensor);
            _tensor?.Dispose();
            (_array, _rows, _columns, _tensor) = (array, rows, columns, tensor);
        }

        if (array is string[] texts)
        {
            for (var i = 0; i < count; i++)
            {
                _tensor.StringTensorSetElementAt(texts[i].AsSpan(), i);
            }
        }
    }

    public void Dispose() => _tensor?.Dispose();

    private static OrtValue Tensor(Memory<T> values, long[] shape) => values switch
    {
        Memory<long> integers => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, integers, shape),
        Memory<double> numbers => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, numbers, shape),
        Memory<float> numbers => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, numbers, shape),
        _ => OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape),
    };
}
