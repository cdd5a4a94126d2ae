namespace DotRec.Indexing;

/// <summary>Integer ids: values by row, and a hash table from value to row.</summary>
internal sealed class Int64ItemIds(Section<long> values, IdTable table) : ItemIds
{
    public Section<long> Values => values;

    public IdTable Table => table;

    public override int Count => (int)values.Length;

    public override ItemIdType Type => ItemIdType.Int64;

    public static Int64ItemIds Build(ReadOnlySpan<long> ids)
    {
        var values = AllocatedMemory.New<long>(ids.Length);
        ids.CopyTo(values.Span(0, ids.Length));
        var table = IdTable.New(ids.Length);
        for (var row = 0; row < ids.Length; row++)
        {
            var probe = table.Begin(IntegerHash.Of(ids[row]));
            for (var other = table.Next(ref probe); other >= 0; other = table.Next(ref probe))
            {
                if (ids[other] == ids[row])
                {
                    throw new ArgumentException($"Id {ids[row]} is given to rows {other} and {row}. Every item needs an id of its own.", nameof(ids));
                }
            }

            table.Insert(probe, row);
        }

        return new Int64ItemIds(values, table);
    }

    public override long GetInt64(int row)
    {
        CheckRow(row);
        using var hold = values.Memory.Hold();
        return values[row];
    }

    public override int RowOf(long id)
    {
        using var hold = values.Memory.Hold();
        using var tableHold = table.Slots.Memory.Hold();
        var probe = table.Begin(IntegerHash.Of(id));
        for (var row = table.Next(ref probe); row >= 0; row = table.Next(ref probe))
        {
            if ((uint)row >= (uint)Count)
            {
                throw new ArtifactFormatException(values.Memory.Source, null, $"the id table names row {row} of {Count}. The file is damaged.");
            }

            if (values[row] == id)
            {
                return row;
            }
        }

        return -1;
    }
}
