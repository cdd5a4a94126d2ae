using System.Numerics;
using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Features;

/// <summary>The raw column a layer reads: its name, what the layer can read, and the type it has once that is known.</summary>
internal sealed class InputColumn(string layer, string name, bool listsAllowed, params ColumnType[] types)
{
    private ColumnSchema? _schema;

    public string Name => name;

    public bool IsKnown => _schema is not null;

    public ColumnSchema Schema => _schema ?? throw NotAdapted();

    /// <summary>The layer as users write it, for messages.</summary>
    public string Label => $"{layer}(\"{name}\")";

    public InvalidOperationException NotAdapted() => new(
        $"{Label} is not adapted: it has seen no data. Call Adapt(data), or pass the data to its constructor.");

    /// <summary>Sets the type without data.</summary>
    public void Declare(ColumnType type, bool isJagged = false) => _schema = Checked(new ColumnSchema(name, type, isJagged));

    /// <summary>The column of data to adapt to: present, of a type the layer reads, with at least one row.</summary>
    public Column Inspect(FeatureBatch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var column = Whole(Find(data));
        _ = Checked(column.Schema);
        return column.RowCount > 0 ? column : throw new ArgumentException($"{Label} cannot adapt: the data have no rows.", nameof(data));
    }

    /// <summary>As <see cref="Inspect"/>, and the numbers of the column that are present.</summary>
    /// <exception cref="ArgumentException">A number is infinite, or none is present.</exception>
    public (Column Column, double[] Numbers) InspectNumbers(FeatureBatch data) => Inspect(data) switch
    {
        Column<long> column => (column, Array.ConvertAll(column.Values.ToArray(), value => (double)value)),
        Column<float> column => (column, Present(column.Values)),
        var column => (column, Present(((Column<double>)column).Values)),
    };

    /// <summary>Takes the type of the column adapted to.</summary>
    public void Learn(Column column) => _schema = column.Schema;

    /// <summary>
    /// The column of a batch as the type that was learned. Another file may write the same values so that they have another type (whole numbers only where
    /// there were fractions, 17.0 for the id 17): they are converted, and refused only where one does not fit.
    /// </summary>
    public Column Read(FeatureBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var expected = Schema;
        var column = Find(batch);
        if (column.Schema == expected)
        {
            return column;
        }

        var problem = "Convert the column, or adapt the layer to data of that type.";
        if (column.Schema.IsJagged == expected.IsJagged)
        {
            try
            {
                return column.ConvertTo(expected.Type);
            }
            catch (ArgumentException misfit)
            {
                problem = misfit.Message;
            }
        }

        throw new ArgumentException($"{Label} was adapted to '{expected}' but the batch holds '{column.Schema}'. {problem}", nameof(batch));
    }

    public void Write(JsonObject state) => state["column"] = new JsonObject
    {
        ["name"] = name,
        ["type"] = _schema?.Type.ToString(),
        ["jagged"] = _schema?.IsJagged ?? false,
    };

    /// <summary>The column that <see cref="Write"/> wrote, with what this one's layer can read.</summary>
    public InputColumn FromState(JsonObject state)
    {
        var column = LayerState.Value<JsonObject>(state, "column");
        var read = new InputColumn(layer, LayerState.Value<string>(column, "name"), listsAllowed, types);
        if (column["type"] is not null)
        {
            read.Declare(LayerState.Enumeration<ColumnType>(column, "type"), LayerState.Value<bool>(column, "jagged"));
        }

        return read;
    }

    private Column Find(FeatureBatch batch) => batch.TryGet(name, out var column) ? column : throw new ArgumentException(
        $"{Label} needs a column '{name}', which the data lack. Their columns are: {string.Join(", ", batch.Columns.Select(other => other.Name))}.",
        nameof(batch));

    // Ids and categories that a table with missing values holds as 17.0 are whole numbers all the same.
    private Column Whole(Column column)
    {
        if (column.Schema.Type is not (ColumnType.Float32 or ColumnType.Float64) || Array.IndexOf(types, column.Schema.Type) >= 0 || !listsAllowed)
        {
            return column;
        }

        try
        {
            var integers = column.ConvertTo(ColumnType.Int64);
            return Array.IndexOf(types, ColumnType.Int64) >= 0 ? integers : integers.ConvertTo(ColumnType.String);
        }
        catch (ArgumentException)
        {
            // Not whole: the type is refused as what it is.
            return column;
        }
    }

    private ColumnSchema Checked(ColumnSchema schema)
    {
        if (Array.IndexOf(types, schema.Type) < 0)
        {
            throw new ArgumentException(
                $"{Label} reads {Expected} columns; column '{name}' holds {schema.Type} values.{Instead(schema.Type)}", nameof(schema));
        }

        return !schema.IsJagged || listsAllowed ? schema : throw new ArgumentException(
            $"{Label} reads one value a row; column '{name}' holds a list of values a row. Use a lookup or Hashing for lists.", nameof(schema));
    }

    private string Expected => types.Length == 1 ? $"{types[0]}" : $"{string.Join(", ", types[..^1])} or {types[^1]}";

    private string Instead(ColumnType type) => (layer, type) switch
    {
        (nameof(StringLookup), ColumnType.Int64) => $" Use {nameof(IntegerLookup)}.",
        (nameof(IntegerLookup), ColumnType.String) => $" Use {nameof(StringLookup)}.",
        (nameof(StringLookup) or nameof(IntegerLookup) or nameof(Hashing), ColumnType.Float32 or ColumnType.Float64) => $" Use {nameof(Discretization)} or {nameof(Normalization)}.",
        _ => "",
    };

    private double[] Present<T>(ReadOnlySpan<T> values)
        where T : IFloatingPointIeee754<T>
    {
        var present = new List<double>(values.Length);
        for (var row = 0; row < values.Length; row++)
        {
            if (T.IsInfinity(values[row]))
            {
                throw new ArgumentException(
                    $"{Label} cannot adapt: row {row} of column '{name}' is {(T.IsPositive(values[row]) ? "" : "-")}infinity. Remove or clip it.", nameof(values));
            }

            if (!T.IsNaN(values[row]))
            {
                present.Add(double.CreateTruncating(values[row]));
            }
        }

        return present.Count > 0 ? [.. present] : throw new ArgumentException(
            $"{Label} cannot adapt: every value of column '{name}' is missing (NaN).", nameof(values));
    }
}
