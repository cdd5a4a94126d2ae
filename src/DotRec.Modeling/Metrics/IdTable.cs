using System.Runtime.InteropServices;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Modeling;

/// <summary>Rows by id: the ids of an id column, each once, numbered in order of first appearance.</summary>
internal sealed class IdTable
{
    private readonly ColumnSchema _schema;
    private readonly Dictionary<string, int>? _strings;
    private readonly Dictionary<long, int>? _integers;
    private readonly List<object> _ids = [];

    private IdTable(ColumnSchema schema)
    {
        _schema = schema;
        if (schema.IsJagged || schema.Type is ColumnType.Float32 or ColumnType.Float64)
        {
            throw new ArgumentException($"Column '{schema}' cannot identify items or queries: an id column holds one string or integer a row.");
        }

        if (schema.Type == ColumnType.String)
        {
            _strings = new Dictionary<string, int>(StringComparer.Ordinal);
        }
        else
        {
            _integers = [];
        }
    }

    /// <summary>Number of different ids.</summary>
    public int Count => _ids.Count;

    /// <summary>The id (string or long) of a row.</summary>
    public object this[int row] => _ids[row];

    /// <summary>The ids of a catalogue: row i of the table is row i of the column.</summary>
    /// <exception cref="ArgumentException">An id appears twice.</exception>
    public static IdTable OfCatalogue(Column column)
    {
        var table = new IdTable(column.Schema);
        for (var row = 0; row < column.RowCount; row++)
        {
            if (table.Add(column, row) != row)
            {
                throw new ArgumentException(
                    $"The items' id column '{column.Name}' holds '{table._ids[table.Find(column, row)]}' in rows {table.Find(column, row)} and {row}. "
                    + "An item may appear once: a repeated item would take several places in every list. Remove the repeats, for example with DistinctBy.");
            }
        }

        return table;
    }

    /// <summary>The different ids of a data column.</summary>
    public static IdTable OfData(Column column)
    {
        var table = new IdTable(column.Schema);
        for (var row = 0; row < column.RowCount; row++)
        {
            table.Add(column, row);
        }

        return table;
    }

    /// <summary>The row of every id of a column; −1 where the table does not hold it.</summary>
    public int[] RowsOf(Column column)
    {
        if (column.Schema.Type != _schema.Type || column.Schema.IsJagged)
        {
            throw new ArgumentException(
                $"Ids of column '{column.Schema}' cannot be looked up among those of '{_schema}': the types differ, so no id would ever be found. Give both columns one type.");
        }

        var rows = new int[column.RowCount];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = Find(column, row);
        }

        return rows;
    }

    /// <summary>The ids as an index knows them.</summary>
    public int[] RowsIn(ItemIds ids)
    {
        var rows = new int[_ids.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = _ids[row] is string text ? ids.RowOf(text) : ids.RowOf((long)_ids[row]);
        }

        return rows;
    }

    private int Add(Column column, int row)
    {
        bool known;
        int id;
        if (_strings is not null)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_strings, ((Column<string>)column).Values[row], out known);
            slot = known ? slot : _ids.Count;
            id = slot;
        }
        else
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_integers!, ((Column<long>)column).Values[row], out known);
            slot = known ? slot : _ids.Count;
            id = slot;
        }

        if (!known)
        {
            _ids.Add(_strings is not null ? ((Column<string>)column).Values[row] : ((Column<long>)column).Values[row]);
        }

        return id;
    }

    private int Find(Column column, int row)
    {
        int id;
        var found = _strings is not null
            ? _strings.TryGetValue(((Column<string>)column).Values[row], out id)
            : _integers!.TryGetValue(((Column<long>)column).Values[row], out id);
        return found ? id : -1;
    }
}
