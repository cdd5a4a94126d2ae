using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>A feature buffer of strings, 64-bit integers or 32-bit floats.</summary>
internal sealed class FeatureBuffer<T>(QueryFeature feature) : FeatureBuffer(feature)
    where T : notnull
{
    private T[] _values = new T[1];
    private int _count;
    private int[] _lengths = new int[1];
    private int _rows;

    public override int RowCount => Feature.IsList ? _rows : _count;

    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    public override void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _values.AsSpan(0, _count).Clear();
        }

        _count = 0;
        _rows = 0;
    }

    /// <summary>Adds one row of a feature that holds one value.</summary>
    public void Add(T value)
    {
        if (value is null)
        {
            throw Missing();
        }

        if (_count == _values.Length)
        {
            Array.Resize(ref _values, _count * 2);
        }

        _values[_count++] = value;
    }

    public void AddRange(ReadOnlySpan<T> values)
    {
        foreach (var value in values)
        {
            Add(value);
        }
    }

    /// <summary>Adds one row of a list feature.</summary>
    public void AddList(ReadOnlySpan<T> values)
    {
        AddRange(values);
        EndRow(values.Length);
    }

    public override void AddObject(object? value)
    {
        if (value is null && typeof(T) == typeof(float) && !Feature.IsList)
        {
            Add((T)(object)float.NaN);
        }
        else if (value is null)
        {
            throw Missing();
        }
        else if (!Feature.IsList)
        {
            Add(Convert(value));
        }
        else if (value is T[] array)
        {
            AddList(array);
        }
        else if (value is IEnumerable sequence and not string)
        {
            var start = _count;
            foreach (var element in sequence)
            {
                Add(Convert(element ?? throw Missing()));
            }

            EndRow(_count - start);
        }
        else
        {
            throw WrongType(value);
        }
    }

    public override string Describe(int row)
    {
        var shown = Feature.IsList ? $"{_lengths[row]} values" : _values[row] is string text ? $"\"{text}\"" : FormattableString.Invariant($"{_values[row]}");
        return $"{Feature.Name} = {shown}";
    }

    public override void CreateTensors(ICollection<OrtValue> tensors)
    {
        if (!Feature.IsList)
        {
            tensors.Add(Tensor(_values.AsMemory(0, _count), [_count]));
            return;
        }

        // At least one column: an axis of length 0 is legal ONNX, yet reductions over it are where runtimes differ.
        var longest = 1;
        foreach (var length in _lengths.AsSpan(0, _rows))
        {
            longest = Math.Max(longest, length);
        }

        var padded = new T[_rows * longest];
        if (padded is string[] texts)
        {
            Array.Fill(texts, "");
        }

        var lengths = new long[_rows];
        var read = 0;
        for (var row = 0; row < _rows; row++)
        {
            lengths[row] = _lengths[row];
            _values.AsSpan(read, _lengths[row]).CopyTo(padded.AsSpan(row * longest));
            read += _lengths[row];
        }

        tensors.Add(Tensor(padded, [_rows, longest]));
        tensors.Add(OrtValue.CreateTensorValueFromMemory(lengths, [_rows]));
    }

    public override OrtValue CreateSingle() => typeof(T) == typeof(string)
        ? OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [1])
        : OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, ElementType, [1]);

    public override void Refill(OrtValue single)
    {
        if (typeof(T) == typeof(string))
        {
            single.StringTensorSetElementAt(((string)(object)_values[0]).AsSpan(), 0);
        }
        else if (typeof(T) == typeof(long))
        {
            single.GetTensorMutableDataAsSpan<long>()[0] = (long)(object)_values[0];
        }
        else
        {
            single.GetTensorMutableDataAsSpan<float>()[0] = (float)(object)_values[0];
        }
    }

    private static Microsoft.ML.OnnxRuntime.Tensors.TensorElementType ElementType => typeof(T) == typeof(long)
        ? Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64
        : Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float;

    private static OrtValue Tensor(Memory<T> values, long[] shape)
    {
        if (values is Memory<long> integers)
        {
            return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, integers, shape);
        }

        if (values is Memory<float> numbers)
        {
            return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, numbers, shape);
        }

        var texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (var i = 0; i < values.Length; i++)
        {
            texts.StringTensorSetElementAt(((string)(object)values.Span[i]).AsSpan(), i);
        }

        return texts;
    }

    private void EndRow(int length)
    {
        if (_rows == _lengths.Length)
        {
            Array.Resize(ref _lengths, _rows * 2);
        }

        _lengths[_rows++] = length;
    }

    private T Convert(object value)
    {
        if (value is T exact)
        {
            return exact;
        }

        if (typeof(T) == typeof(long) && value is int or short or sbyte or byte or ushort or uint)
        {
            return (T)(object)System.Convert.ToInt64(value, provider: null);
        }

        if (typeof(T) == typeof(float) && value is double or Half or decimal or long or int or short or sbyte or byte or ushort or uint)
        {
            return (T)(object)(value is Half half ? (float)half : System.Convert.ToSingle(value, provider: null));
        }

        throw WrongType(value);
    }
}
