using SkiaSharp;

namespace DotRec.Cli;

/// <summary>Draws as pixels on white, for PNG.</summary>
internal sealed class PngCanvas : ICanvas, IDisposable
{
    // Sharp on dense screens and on paper.
    private const float Scale = 1.5f;
    private const uint Ink = 0x1A1A1A;

    private readonly SKBitmap _bitmap;
    private readonly SKCanvas _canvas;
    private readonly SKTypeface _typeface = SKTypeface.FromFamilyName("DejaVu Sans");

    public PngCanvas(double width, double height)
    {
        _bitmap = new SKBitmap((int)Math.Ceiling(width * Scale), (int)Math.Ceiling(height * Scale), SKColorType.Rgba8888, SKAlphaType.Opaque);
        _canvas = new SKCanvas(_bitmap);
        _canvas.Clear(SKColors.White);
        _canvas.Scale(Scale);
    }

    /// <summary>A pixel a cell.</summary>
    public static SKBitmap BitmapOf(uint[] colors, int columns)
    {
        var bitmap = new SKBitmap(columns, colors.Length / columns, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels = Array.ConvertAll(colors, Color);
        return bitmap;
    }

    public byte[] ToBytes()
    {
        using var png = _bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    public void Rectangle(double x, double y, double width, double height, uint? color, string? hint = null)
    {
        using var paint = new SKPaint { Color = Color(color ?? Ink) };
        _canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    public void Line(double x1, double y1, double x2, double y2)
    {
        using var paint = new SKPaint { Color = Color(0x888888), StrokeWidth = 0.6f, IsAntialias = true };
        _canvas.DrawLine((float)x1, (float)y1, (float)x2, (float)y2, paint);
    }

    public void Text(double x, double y, string text, double size, double anchor = 0, double turn = 0, uint? color = null, string? hint = null)
    {
        using var paint = new SKPaint { Color = Color(color ?? Ink), IsAntialias = true };
        using var font = new SKFont(_typeface, (float)size) { Subpixel = true };
        _canvas.Save();
        _canvas.RotateDegrees((float)turn, (float)x, (float)y);
        var align = anchor switch { 0 => SKTextAlign.Left, 1 => SKTextAlign.Right, _ => SKTextAlign.Center };
        _canvas.DrawText(text, (float)x, (float)(y + (0.35 * size)), align, font, paint);
        _canvas.Restore();
    }

    public void Cells(double x, double y, double width, double height, uint[] colors, int columns)
    {
        using var bitmap = BitmapOf(colors, columns);
        using var image = SKImage.FromBitmap(bitmap);
        _canvas.DrawImage(image, SKRect.Create((float)x, (float)y, (float)width, (float)height), new SKSamplingOptions(SKFilterMode.Nearest));
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _bitmap.Dispose();
        _typeface.Dispose();
    }

    private static SKColor Color(uint color) => new(0xFF000000 | color);
}
