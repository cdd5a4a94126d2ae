namespace DotRec.Data;

/// <summary>A field of a delimited record that becomes a column.</summary>
/// <param name="Position">Place in the record, from 0.</param>
/// <param name="Schema">The column.</param>
/// <param name="ListDelimiter">Byte between the values of a jagged column; null otherwise.</param>
/// <param name="IsInferred">True when the type is a guess that may be widened.</param>
/// <param name="IsId">True when the column names things: whole numbers and texts only.</param>
/// <param name="Wanted">The type of numbers that was asked for, where the field is read as text first for its numbers are not written plainly.</param>
internal sealed record TableField(int Position, ColumnSchema Schema, byte? ListDelimiter = null, bool IsInferred = false, bool IsId = false, ColumnType? Wanted = null)
{
    /// <summary>The field with the next wider type; null when its type is given or the widest.</summary>
    public TableField? Widened() => !IsInferred ? AsText() : Schema.Type switch
    {
        ColumnType.Int64 => Of(IsId ? ColumnType.Float64 : ColumnType.Float32),
        ColumnType.Float32 => Of(ColumnType.Float64),
        ColumnType.Float64 => Of(ColumnType.String),
        _ => null,
    };

    private TableField? AsText() => ListDelimiter is null && Schema.Type is ColumnType.Float32 or ColumnType.Float64 or ColumnType.Int64
        ? Of(ColumnType.String) with { Wanted = Schema.Type }
        : null;

    /// <summary>The field with another type.</summary>
    public TableField Of(ColumnType type) => this with { Schema = Schema with { Type = type } };
}
