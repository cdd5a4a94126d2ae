namespace DotRec.Data;

/// <summary>Name and type of one feature column.</summary>
/// <param name="Name">Column name, compared ordinally.</param>
/// <param name="Type">Element type.</param>
/// <param name="IsJagged">True when a row holds a list of values of any length, zero included.</param>
public sealed record ColumnSchema(string Name, ColumnType Type, bool IsJagged = false)
{
    /// <inheritdoc/>
    public override string ToString() => IsJagged ? $"{Name}: {Type}[]" : $"{Name}: {Type}";
}
