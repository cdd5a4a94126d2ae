using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Data;

/// <summary>A growing column of strings, 64-bit integers, or floats of 32 or 64 bits.</summary>
internal sealed class ColumnBuffer<T>(ColumnSchema schema) : ColumnBuffer(schema)
    where T : notnull
{
    private T[] _values = new T[1];
    private int _count;

    // Of a column of lists: where each row ends. The lists lie in _values one after another.
    private int[] _ends = [];
    private int _rows;
    private List<int>? _missing;

    public override int RowCount => Schema.IsJagged ? _rows : _count;

    public override bool HasMissing => _missing is { Count: > 0 };

    /// <summary>The memory of the values, the first of which are <see cref="Values"/>: the same array until it has to grow.</summary>
    public T[] Memory => _values;

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    /// <summary>The values of one row: exactly one unless the column is of lists.</summary>
    public ReadOnlySpan<T> Row(int row) => Schema.IsJagged ? _values.AsSpan(Start(row), _ends[row] - Start(row)) : _values.AsSpan(row, 1);

    public bool IsMissing(int row) => _missing is not null && _missing.Contains(row);

    public override void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _values.AsSpan(0, _count).Clear();
        }

        (_count, _rows) = (0, 0);
        _missing?.Clear();
    }

    /// <summary>Adds one row, or one value of a list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value)
    {
        var (values, count) = (_values, _count);
        if ((uint)count < (uint)values.Length)
        {
            values[count] = value;
            _count = count + 1;
        }
        else
        {
            AddGrown(value);
        }
    }

    /// <summary>Adds one row without a value.</summary>
    public void AddMissing()
    {
        if (typeof(T) == typeof(long))
        {
            (_missing ??= []).Add(_count);
        }

        Add(Missing);
    }

    public void AddRange(ReadOnlySpan<T> values)
    {
        Reserve(values.Length);
        values.CopyTo(_values.AsSpan(_count));
        _count += values.Length;
    }

    /// <summary>Adds one value, or one list, as many rows.</summary>
    public void AddRepeated(ReadOnlySpan<T> row, int count)
    {
        if (!Schema.IsJagged)
        {
            Reserve(count);
            _values.AsSpan(_count, count).Fill(row[0]);
            _count += count;
            return;
        }

        for (var i = 0; i < count; i++)
        {
            AddRange(row);
            EndList();
        }
    }

    public override void EndList()
    {
        if (_rows == _ends.Length)
        {
            Array.Resize(ref _ends, Math.Max(1, _rows * 2));
        }

        _ends[_rows++] = _count;
    }

    public override void AddObject(object? value)
    {
        if (!Schema.IsJagged)
        {
            AddScalar(value);
        }
        else if (value is IEnumerable sequence and not string)
        {
            if (value is T[] array && typeof(T) != typeof(string))
            {
                AddRange(array);
            }
            else
            {
                foreach (var element in sequence)
                {
                    if (element is not null)
                    {
                        AddScalar(element);
                    }
                }
            }

            EndList();
        }
        else if (value is null)
        {
            EndList();
        }
        else
        {
            throw WrongType(value);
        }
    }

    public override void AddRows(Column column, int start, int count)
    {
        if (column.Schema.IsJagged != Schema.IsJagged)
        {
            throw new InvalidValueException($"The column is '{column.Schema}'; '{Schema}' was expected.");
        }

        if (column is Column<T> same)
        {
            for (var row = start; Schema.IsJagged && row < start + count; row++)
            {
                AddRange(same.Row(row));
                EndList();
            }

            if (!Schema.IsJagged)
            {
                AddRange(same.Values.Slice(start, count));
            }

            return;
        }

        for (var row = start; row < start + count; row++)
        {
            AddObject(column.ValueOf(row));
        }
    }

    public override Column Build()
    {
        if (HasMissing)
        {
            return new Column<double>(Schema.Name, Doubles());
        }

        var values = Values.ToArray();
        return Schema.IsJagged ? new Column<T>(Schema.Name, values, [0, .. _ends.AsSpan(0, _rows)]) : new Column<T>(Schema.Name, values);
    }

    public override string Describe(int row)
    {
        var shown = Schema.IsJagged ? $"{Row(row).Length} values" : _values[row] is string text ? $"\"{text}\"" : FormattableString.Invariant($"{_values[row]}");
        return $"{Schema.Name} = {shown}";
    }

    private static T Missing =>
        typeof(T) == typeof(string) ? (T)(object)""
        : typeof(T) == typeof(float) ? (T)(object)float.NaN
        : typeof(T) == typeof(double) ? (T)(object)double.NaN
        : default!;

    private void AddScalar(object? value)
    {
        if (value is null)
        {
            AddMissing();
        }
        else
        {
            Add(RecordValue.TryConvert(value, out T converted) ? converted : throw WrongType(value));
        }
    }

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];

    private double[] Doubles()
    {
        const long Exact = 1L << 53;
        var integers = (ReadOnlySpan<long>)((long[])(object)_values).AsSpan(0, _count);
        var doubles = new double[integers.Length];
        for (var row = 0; row < doubles.Length; row++)
        {
            doubles[row] = integers[row] is >= -Exact and <= Exact ? integers[row] : throw new InvalidValueException(
                $"'{Schema.Name}' is {integers[row]} in row {row} and missing in row {_missing![0]}: beside missing ones, integers are kept exactly up to 2^53. Give these ids as text.");
        }

        foreach (var row in CollectionsMarshal.AsSpan(_missing))
        {
            doubles[row] = double.NaN;
        }

        return doubles;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddGrown(T value)
    {
        Reserve(1);
        _values[_count++] = value;
    }

    private void Reserve(int more)
    {
        var needed = checked(_count + more);
        if (needed > _values.Length)
        {
            Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _values.Length)));
        }
    }
}
