using DotRec.Data;
using DotRec.Indexing;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>
/// The ONNX inputs of one feature, bound to its buffer again before each run: the raw values, unless the graph reads nothing but row numbers; row numbers, an
/// input a vocabulary; the lengths of lists.
/// </summary>
internal abstract class ModelInput : IDisposable
{
    /// <summary>True when a missing integer has a meaning: every reader looks it up, and it is out of each vocabulary.</summary>
    public abstract bool AllowsMissing { get; }

    public static ModelInput Create(ColumnSchema feature, ModelParts parts) => feature.Type switch
    {
        ColumnType.String => new ModelInput<string>(feature, parts),
        ColumnType.Int64 => new ModelInput<long>(feature, parts),
        ColumnType.Float64 => new ModelInput<double>(feature, parts),
        _ => new ModelInput<float>(feature, parts),
    };

    /// <summary>Has the next run read the rows: [rows], or for lists [rows, longest] padded on the right and the lengths [rows].</summary>
    public abstract void Bind(OrtIoBinding binding, ColumnBuffer values);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed class ModelInput<T> : ModelInput
    where T : notnull
{
    private readonly ColumnSchema _feature;
    private readonly BoundInput<T>? _raw;
    private readonly BoundInput<long>? _length;
    private readonly (ItemIds Ids, BoundInput<long> Input)[] _lookups;
    private T[] _padded = [];
    private long[] _lengths = [];
    private readonly long[][] _rows;

    public ModelInput(ColumnSchema feature, ModelParts parts)
    {
        _feature = feature;
        _raw = parts.Kept.Contains(feature.Name, StringComparer.Ordinal) ? new BoundInput<T>(feature.Name) : null;
        _lookups = [.. parts.Vocabularies.Where(vocabulary => string.Equals(vocabulary.Feature, feature.Name, StringComparison.Ordinal)).Select(vocabulary => (vocabulary.Ids, new BoundInput<long>(vocabulary.Input)))];
        _rows = [.. _lookups.Select(_ => Array.Empty<long>())];
        var length = feature.Name + ModelSignature.LengthSuffix;
        _length = feature.IsJagged && parts.Kept.Contains(length, StringComparer.Ordinal) ? new BoundInput<long>(length) : null;
    }

    public override bool AllowsMissing => _raw is null;

    public override void Bind(OrtIoBinding binding, ColumnBuffer values)
    {
        var buffer = (ColumnBuffer<T>)values;
        var rows = buffer.RowCount;
        var longest = _feature.IsJagged ? Measure(buffer) : 0;
        if (_raw is not null)
        {
            _raw.Bind(binding, _feature.IsJagged ? Pad(buffer, longest) : buffer.Memory, rows, longest);
        }

        for (var i = 0; i < _lookups.Length; i++)
        {
            LookUp(buffer, _lookups[i].Ids, ref _rows[i], longest);
            _lookups[i].Input.Bind(binding, _rows[i], rows, longest);
        }

        _length?.Bind(binding, _lengths, rows);
    }

    public override void Dispose()
    {
        _raw?.Dispose();
        _length?.Dispose();
        Array.ForEach(_lookups, lookup => lookup.Input.Dispose());
    }

    private static T Padding => typeof(T) == typeof(string) ? (T)(object)"" : default!;

    /// <summary>The lengths of the lists, and the greatest of them.</summary>
    private int Measure(ColumnBuffer<T> buffer)
    {
        Reserve(ref _lengths, buffer.RowCount);

        // At least one column: an axis of length 0 is legal ONNX, yet reductions over it are where runtimes differ.
        var longest = 1;
        for (var row = 0; row < buffer.RowCount; row++)
        {
            _lengths[row] = buffer.Row(row).Length;
            longest = Math.Max(longest, (int)_lengths[row]);
        }

        return longest;
    }

    private T[] Pad(ColumnBuffer<T> buffer, int longest)
    {
        Reserve(ref _padded, checked(buffer.RowCount * longest));
        for (var row = 0; row < buffer.RowCount; row++)
        {
            var target = _padded.AsSpan(row * longest, longest);
            buffer.Row(row).CopyTo(target);
            target[(int)_lengths[row]..].Fill(Padding);
        }

        return _padded;
    }

    private static void LookUp(ColumnBuffer<T> buffer, ItemIds ids, ref long[] rows, int longest)
    {
        var width = Math.Max(1, longest);
        Reserve(ref rows, checked(buffer.RowCount * width));
        for (var row = 0; row < buffer.RowCount; row++)
        {
            var values = buffer.Row(row);
            var target = rows.AsSpan(row * width, width);
            for (var i = 0; i < values.Length; i++)
            {
                target[i] = RowOf(ids, values[i]);
            }

            target[values.Length..].Clear();
        }

        if (buffer.HasMissing)
        {
            for (var row = 0; row < buffer.RowCount; row++)
            {
                rows[row] = buffer.IsMissing(row) ? 0 : rows[row];
            }
        }
    }

    private static long RowOf(ItemIds ids, T value)
    {
        if (value is not string text)
        {
            return ids.RowOf((long)(object)value) + 1;
        }

        // Half of a surrogate pair counts as U+FFFD, as it did when the vocabulary was learned.
        var row = ids.RowOf(text);
        return (row >= 0 || !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? row : ids.RowOf(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)))) + 1;
    }

    private static void Reserve<TValue>(ref TValue[] values, int count)
    {
        if (values.Length < count)
        {
            values = new TValue[Math.Max(count, 2 * values.Length)];
        }
    }
}
