using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>A feature buffer of strings, 64-bit integers, 32-bit or 64-bit floats.</summary>
internal sealed class FeatureBuffer<T>(QueryFeature feature) : FeatureBuffer(feature)
    where T : notnull
{
    private readonly BoundInput<T> _input = new(feature.Name);
    private readonly BoundInput<long> _lengthInput = new(feature.Name + ModelSignature.LengthSuffix);
    private T[] _values = new T[1];
    private int _count;

    // Of a list feature: the lists lie in _values one after another, and this is their length, and where each ends.
    private long[] _lengths = [];
    private int[] _ends = [];
    private int _rows;
    private T[] _padded = [];

    public override int RowCount => Feature.IsList ? _rows : _count;

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    /// <summary>The values of one row: exactly one unless the feature is a list.</summary>
    public ReadOnlySpan<T> Row(int row) => Feature.IsList ? _values.AsSpan(_ends[row] - (int)_lengths[row], (int)_lengths[row]) : _values.AsSpan(row, 1);

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

    /// <summary>Adds one value, or one list, as many rows.</summary>
    public void AddRows(ReadOnlySpan<T> row, int count)
    {
        for (var i = 0; i < count; i++)
        {
            AddRange(row);
            if (Feature.IsList)
            {
                EndRow(row.Length);
            }
        }
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
        else if (value is null && typeof(T) == typeof(double) && !Feature.IsList)
        {
            Add((T)(object)double.NaN);
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

    public override void Bind(OrtIoBinding binding)
    {
        if (Feature.IsList)
        {
            BindLists(binding);
        }
        else
        {
            _input.Bind(binding, _values, _count);
        }
    }

    public override void Dispose()
    {
        _input.Dispose();
        _lengthInput.Dispose();
    }

    private void BindLists(OrtIoBinding binding)
    {
        // At least one column: an axis of length 0 is legal ONNX, yet reductions over it are where runtimes differ.
        var longest = 1;
        foreach (var length in _lengths.AsSpan(0, _rows))
        {
            longest = Math.Max(longest, (int)length);
        }

        if (_padded.Length < _rows * longest)
        {
            _padded = new T[Math.Max(_rows * longest, 2 * _padded.Length)];
        }

        for (var row = 0; row < _rows; row++)
        {
            var target = _padded.AsSpan(row * longest, longest);
            Row(row).CopyTo(target);
            target[(int)_lengths[row]..].Fill(Padding);
        }

        _input.Bind(binding, _padded, _rows, longest);
        _lengthInput.Bind(binding, _lengths, _rows);
    }

    private static T Padding => typeof(T) == typeof(string) ? (T)(object)"" : default!;

    private void EndRow(int length)
    {
        if (_rows == _lengths.Length)
        {
            Array.Resize(ref _lengths, Math.Max(1, _rows * 2));
            Array.Resize(ref _ends, _lengths.Length);
        }

        _lengths[_rows] = length;
        _ends[_rows++] = _count;
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

        if (typeof(T) == typeof(double) && value is float or Half or decimal or long or int or short or sbyte or byte or ushort or uint)
        {
            return (T)(object)(value is Half half ? (double)half : System.Convert.ToDouble(value, provider: null));
        }

        throw WrongType(value);
    }
}
