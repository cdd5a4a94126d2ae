using System.Xml.Linq;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>The heat maps of a network's cross weights, in one file or each alone.</summary>
internal static class CrossPicture
{
    private const double Gap = 24;

    /// <summary>Each heat map as an element to put into a page.</summary>
    public static IEnumerable<XElement> Elements(CrossWeights weights, BlockNorm norm) => HeatMap.Of(weights, norm).Select(map =>
    {
        var panel = new HeatMapPanel(map);
        var canvas = new SvgCanvas(panel.Width, panel.Height, map.Title, isFile: false);
        panel.Draw(canvas, 0, 0);
        return canvas.Element;
    });

    /// <summary>All heat maps as one SVG file.</summary>
    public static string Svg(CrossWeights weights, BlockNorm norm)
    {
        var panels = Panels(weights, norm, out var width, out var height);
        var canvas = new SvgCanvas(width, height, "What the cross layers multiply", isFile: true);
        panels.ForEach(panel => panel.Panel.Draw(canvas, panel.X, panel.Y));
        return canvas.Element.ToString();
    }

    // Two in a row.
    private static List<(HeatMapPanel Panel, double X, double Y)> Panels(CrossWeights weights, BlockNorm norm, out double width, out double height)
    {
        var placed = new List<(HeatMapPanel Panel, double X, double Y)>();
        (width, height) = (0, 0);
        foreach (var row in HeatMap.Of(weights, norm).Select(map => new HeatMapPanel(map)).Chunk(2))
        {
            placed.Add((row[0], 0, height));
            if (row.Length == 2)
            {
                placed.Add((row[1], row[0].Width + Gap, height));
            }

            width = Math.Max(width, row.Sum(panel => panel.Width) + Gap);
            height += row.Max(panel => panel.Height) + Gap;
        }

        return placed;
    }
}
