namespace DotRec.Data;

/// <summary>Which characters a column's numbers are written with.</summary>
/// <param name="Group">Between groups of three digits; a space stands for every kind of space, an apostrophe for both kinds.</param>
/// <param name="Decimal">Before the decimals.</param>
internal readonly record struct NumberStyle(char Group, char Decimal)
{
    /// <summary>All styles that are looked for; a set of them is a mask of their positions.</summary>
    public static readonly NumberStyle[] All = [new(',', '.'), new('.', ','), new(' ', ','), new(' ', '.'), new('\'', '.'), new('\'', ',')];

    public const int AllMask = 0b111111;
}
