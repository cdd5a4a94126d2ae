using DotRec.Data;

namespace DotRec.Serving;

/// <summary>An item column in chunks: one with other values shares all chunks but those that hold them, so that a write costs what it changes.</summary>
/// <typeparam name="TValue">The value of a row: string, long, float, double or an array of these.</typeparam>
internal sealed class ItemColumn<TValue> : ItemColumn
    where TValue : notnull
{
    private const int ChunkBits = 10;
    private const int ChunkRows = 1 << ChunkBits;

    // A chunk that is empty, or not there, stands in the base.
    private readonly TValue[][] _chunks;
    private readonly RowValues<TValue>? _base;

    public ItemColumn(ColumnSchema schema, RowValues<TValue> values)
        : base(schema) => (_chunks, _base) = ([], values);

    public ItemColumn(ColumnSchema schema, ReadOnlySpan<TValue> values)
        : base(schema)
    {
        _chunks = new TValue[(values.Length + ChunkRows - 1) >> ChunkBits][];
        for (var chunk = 0; chunk < _chunks.Length; chunk++)
        {
            var start = chunk << ChunkBits;
            _chunks[chunk] = values.Slice(start, Math.Min(ChunkRows, values.Length - start)).ToArray();
        }
    }

    private ItemColumn(ColumnSchema schema, TValue[][] chunks, RowValues<TValue>? under)
        : base(schema) => (_chunks, _base) = (chunks, under);

    public override object this[int row] => Value(row);

    /// <summary>The value of a row; a missing one for a row that was added to the index without.</summary>
    public TValue Value(int row)
    {
        var (chunk, place) = (row >> ChunkBits, row & (ChunkRows - 1));
        if ((uint)chunk < (uint)_chunks.Length && _chunks[chunk].Length > 0)
        {
            return (uint)place < (uint)_chunks[chunk].Length && _chunks[chunk][place] is { } value ? value : Missing;
        }

        return _base is not null && (uint)row < (uint)_base.Count ? _base[row] : Missing;
    }

    private static TValue Missing { get; } = (TValue)(
        typeof(TValue) == typeof(string) ? ""
        : typeof(TValue) == typeof(float) ? float.NaN
        : typeof(TValue) == typeof(double) ? double.NaN
        : typeof(TValue).IsArray ? Array.CreateInstance(typeof(TValue).GetElementType()!, 0)
        : (object)default(TValue)!);

    internal override Column Select(ReadOnlySpan<int> rows)
    {
        var buffer = ColumnBuffer.Create(Schema);
        foreach (var row in rows)
        {
            buffer.AddObject(Value(row));
        }

        return buffer.Build();
    }

    internal override ItemColumn With(ReadOnlySpan<int> rows, Column values)
    {
        var last = _chunks.Length;
        foreach (var row in rows)
        {
            last = Math.Max(last, (row >> ChunkBits) + 1);
        }

        var chunks = new TValue[last][];
        _chunks.CopyTo(chunks, 0);
        chunks.AsSpan(_chunks.Length).Fill([]); // a write need not reach into every new chunk
        var own = new bool[last];
        for (var i = 0; i < rows.Length; i++)
        {
            var (chunk, place) = (rows[i] >> ChunkBits, rows[i] & (ChunkRows - 1));
            if (!own[chunk])
            {
                chunks[chunk] = Copy(chunk);
                own[chunk] = true;
            }

            chunks[chunk][place] = (TValue)values.ValueOf(i);
        }

        return new ItemColumn<TValue>(Schema, chunks, _base);
    }

    // A chunk of its own is whole, so that rows added later find their place.
    private TValue[] Copy(int chunk)
    {
        var copy = new TValue[ChunkRows];
        if (typeof(TValue).IsPrimitive)
        {
            copy.AsSpan().Fill(Missing);
        }

        if (chunk < _chunks.Length && _chunks[chunk].Length > 0)
        {
            _chunks[chunk].CopyTo(copy, 0);
        }
        else
        {
            for (var place = 0; place < ChunkRows && (chunk << ChunkBits) + place < (_base?.Count ?? 0); place++)
            {
                copy[place] = _base![(chunk << ChunkBits) + place];
            }
        }

        return copy;
    }
}
