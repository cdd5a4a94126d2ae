using System.Globalization;
using System.Xml.Linq;

namespace DotRec.Cli;

/// <summary>
/// Draws as SVG. Lengths in pixels, y downwards; colours as 0xRRGGBB, null for that of text. Text takes the colour of the page around it, or stands on
/// white when the picture is a file of its own.
/// </summary>
internal sealed class SvgCanvas
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    public SvgCanvas(double width, double height, string title, bool isFile)
    {
        _root = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {width:0} {height:0}")),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("role", "img"),
            new XAttribute("font-family", "DejaVu Sans, Verdana, Arial, sans-serif"),
            new XElement(Svg + "title", XmlText.Clean(title)));
        if (isFile)
        {
            _root.SetAttributeValue("color", "#1a1a1a");
            Rectangle(0, 0, width, height, 0xFFFFFF);
        }
    }

    public XElement Element => _root;

    public void Rectangle(double x, double y, double width, double height, uint? color, string? hint = null) =>
        Add("rect", color, hint, ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)));

    public void Line(double x1, double y1, double x2, double y2) => _root.Add(new XElement(
        Svg + "line",
        new XAttribute("x1", Number(x1)), new XAttribute("y1", Number(y1)), new XAttribute("x2", Number(x2)), new XAttribute("y2", Number(y2)),
        new XAttribute("stroke", "#888888"), new XAttribute("stroke-width", "0.6")));

    /// <summary>Text that begins (anchor 0), is centred (0.5) or ends (1) at x, vertically centred at y, turned about that point by degrees, clockwise.</summary>
    public void Text(double x, double y, string text, double size, double anchor = 0, double turn = 0, uint? color = null, string? hint = null)
    {
        var element = Add(
            "text", color, hint: null, ("x", Number(x)), ("y", Number(y)), ("dy", "0.35em"), ("font-size", Number(size)),
            ("text-anchor", anchor switch { 0 => "start", 1 => "end", _ => "middle" }));
        if (turn != 0)
        {
            element.SetAttributeValue("transform", FormattableString.Invariant($"rotate({turn:0.#} {x:0.##} {y:0.##})"));
        }

        element.Add(XmlText.Clean(text));
        if (hint is not null)
        {
            element.Add(new XElement(Svg + "title", XmlText.Clean(hint)));
        }
    }

    /// <summary>A grid of coloured cells, row by row, as an image: a shape a cell would make a file that browsers are slow with.</summary>
    public void Cells(double x, double y, double width, double height, uint[] colors, int columns)
    {
        _root.Add(new XElement(
            Svg + "image",
            new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("width", Number(width)), new XAttribute("height", Number(height)),
            new XAttribute("preserveAspectRatio", "none"), new XAttribute("style", "image-rendering: pixelated"),
            new XAttribute("href", "data:image/png;base64," + Convert.ToBase64String(PngImage.Of(colors, columns)))));
    }

    private XElement Add(string name, uint? color, string? hint, params (string Name, string Value)[] attributes)
    {
        var element = new XElement(
            Svg + name, attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)),
            new XAttribute("fill", color is { } value ? $"#{value:x6}" : "currentColor"));
        if (hint is not null)
        {
            element.Add(new XElement(Svg + "title", XmlText.Clean(hint)));
        }

        _root.Add(element);
        return element;
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
