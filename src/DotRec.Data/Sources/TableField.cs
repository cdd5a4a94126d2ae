namespace DotRec.Data;

/// <summary>A field of a delimited record that becomes a column.</summary>
/// <param name="Position">Place in the record, from 0.</param>
/// <param name="Schema">The column.</param>
/// <param name="ListDelimiter">Byte between the values of a jagged column; null otherwise.</param>
/// <param name="IsInferred">True when the type is a guess that may be widened.</param>
internal sealed record TableField(int Position, ColumnSchema Schema, byte? ListDelimiter = null, bool IsInferred = false)
{
    /// <summary>The field with the next wider type; null when its type is given or the widest.</summary>
    public TableField? Widened() => IsInferred && Schema.Type != ColumnType.String
        ? this with { Schema = Schema with { Type = Schema.Type == ColumnType.Int64 ? ColumnType.Float32 : ColumnType.String } }
        : null;
}
