namespace DotRec.Cli;

/// <summary>What pictures are made of, whatever file they go to. Lengths in pixels, y downwards; colours as 0xRRGGBB, null for that of text.</summary>
internal interface ICanvas
{
    void Rectangle(double x, double y, double width, double height, uint? color, string? hint = null);

    void Line(double x1, double y1, double x2, double y2);

    /// <summary>Text that begins (anchor 0), is centred (0.5) or ends (1) at x, vertically centred at y, turned about that point by degrees, clockwise.</summary>
    void Text(double x, double y, string text, double size, double anchor = 0, double turn = 0, uint? color = null, string? hint = null);

    /// <summary>A grid of coloured cells, row by row.</summary>
    void Cells(double x, double y, double width, double height, uint[] colors, int columns);
}
