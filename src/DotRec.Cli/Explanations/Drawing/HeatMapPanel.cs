using System.Globalization;

namespace DotRec.Cli;

/// <summary>Where the parts of a heat map go, and how they look: names on both axes, cells, numbers where there is room, a colour bar.</summary>
internal sealed class HeatMapPanel
{
    private const double Side = 620;
    private const double Heading = 64;
    private const double BarWidth = 130;
    private const double Margin = 16;

    // Names are turned by 45 degrees, which brings them closer to each other by a factor of √2.
    private const double MinLabelGap = 14;
    private const double WidthOfCharacter = 0.6;
    private const int LongestLabel = 28;

    // Up to this many cells a side each is a shape of its own, with its number under the mouse.
    private const int MostShapes = 64;
    private const int MostNumbers = 14;

    private readonly HeatMap _map;
    private readonly double _cell;
    private readonly double _font;
    private readonly double _labels;
    private readonly double _columnLabels;
    private readonly bool _isTurned;
    private readonly double _greatest;

    public HeatMapPanel(HeatMap map)
    {
        _map = map;
        _cell = map.IsOfFields ? Math.Clamp(Side / map.Size, 14, 84) : Math.Max(Side, MinLabelGap * map.Axis.Count) / map.Size;
        _font = map.Axis.Count > 24 ? 10 : 12;
        _greatest = map.Values.Max();
        var longest = map.Axis.Max(field => Math.Min(field.Name.Length, LongestLabel)) * _font * WidthOfCharacter;
        _labels = longest + 26;
        _isTurned = longest > map.Axis.Min(field => field.Width) * _cell;
        _columnLabels = (_isTurned ? (longest * 0.71) + _font : _font) + 22;
        Width = Math.Max(Margin + _labels + (_cell * map.Size) + Math.Max(BarWidth, _isTurned ? longest * 0.71 : 0), Margin + (map.Title.Length * 17 * WidthOfCharacter) + Margin);
        Height = Heading + _columnLabels + (_cell * map.Size) + Margin;
    }

    public double Width { get; }

    public double Height { get; }

    private double Length => _cell * _map.Size;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        canvas.Text(x + Margin, y + 20, _map.Title, 17);
        canvas.Text(x + Margin, y + 42, "row: the field that enters · column: the field it is multiplied with", 11);
        var (left, top) = (x + Margin + _labels, y + Heading + _columnLabels);
        DrawLabels(canvas, left, top);
        DrawCells(canvas, left, top);
        DrawBar(canvas, left + Length + 22, top);
    }

    private void DrawCells(SvgCanvas canvas, double left, double top)
    {
        var size = _map.Size;
        if (size > MostShapes)
        {
            canvas.Cells(left, top, Length, Length, Array.ConvertAll(_map.Values, ColorOf), size);
        }
        else
        {
            var names = _map.Axis.SelectMany(field => Enumerable.Range(0, field.Width).Select(i => field.Width == 1 ? field.Name : $"{field.Name}[{i}]")).ToArray();
            for (var cell = 0; cell < _map.Values.Length; cell++)
            {
                var (row, column, value) = (cell / size, cell % size, _map.Values[cell]);
                var (x, y) = (left + (column * _cell), top + (row * _cell));
                canvas.Rectangle(x, y, _cell, _cell, ColorOf(value), $"{names[row]} × {names[column]}: {value.ToString("G4", CultureInfo.InvariantCulture)}");
                if (size <= MostNumbers)
                {
                    canvas.Text(x + (_cell / 2), y + (_cell / 2), NumberOf(value), Math.Min(13, _cell * 0.28), 0.5, color: value > 0.55 * _greatest ? 0x101010 : 0xFFFFFFu);
                }
            }
        }

        if (!_map.IsOfFields)
        {
            foreach (var field in _map.Axis.Skip(1))
            {
                canvas.Line(left, top + (field.Offset * _cell), left + Length, top + (field.Offset * _cell));
                canvas.Line(left + (field.Offset * _cell), top, left + (field.Offset * _cell), top + Length);
            }
        }
    }

    private void DrawLabels(SvgCanvas canvas, double left, double top)
    {
        var centers = _map.Axis.Select(field => (field.Offset + (field.Width / 2.0)) * _cell).ToArray();
        var places = Spread(centers, MinLabelGap, Length);
        for (var i = 0; i < centers.Length; i++)
        {
            var name = _map.Axis[i].Name;
            var label = name.Length > LongestLabel ? name[..(LongestLabel - 1)] + "…" : name;
            canvas.Line(left - 12, top + places[i], left - 2, top + centers[i]);
            canvas.Line(left + places[i], top - 12, left + centers[i], top - 2);
            canvas.Text(left - 16, top + places[i], label, _font, anchor: 1, hint: name);
            canvas.Text(left + places[i], top - 18, label, _font, _isTurned ? 0 : 0.5, _isTurned ? -45 : 0, hint: name);
        }
    }

    private void DrawBar(SvgCanvas canvas, double x, double top)
    {
        const int steps = 64;
        const double width = 16;
        var height = Math.Min(Length, 260);
        for (var step = 0; step < steps; step++)
        {
            canvas.Rectangle(x, top + (height * step / steps), width, (height / steps) + 0.5, ColorOf(_greatest * (1 - ((step + 0.5) / steps))));
        }

        for (var tick = 0; tick <= 4; tick++)
        {
            canvas.Text(x + width + 6, top + (height * (1 - (tick / 4.0))), NumberOf(_greatest * tick / 4), 11);
        }

        canvas.Text(x, top + height + 20, _map.Unit, 11);
    }

    private uint ColorOf(double value) => Viridis.At(_greatest > 0 ? value / _greatest : 0);

    // As many digits as tell the greatest apart.
    private string NumberOf(double value) => value.ToString(_greatest switch { >= 100 => "F0", >= 10 => "F1", >= 1 => "F2", >= 0.01 or 0 => "F3", _ => "G2" }, CultureInfo.InvariantCulture);

    /// <summary>The positions moved apart to at least the gap, as little as need be, within 0 … end where there is room.</summary>
    internal static double[] Spread(double[] positions, double gap, double end)
    {
        var moved = new double[positions.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            moved[i] = i == 0 ? positions[i] : Math.Max(positions[i], moved[i - 1] + gap);
        }

        for (var i = moved.Length - 1; i >= 0; i--)
        {
            moved[i] = Math.Min(moved[i], i == moved.Length - 1 ? end - (gap / 2) : moved[i + 1] - gap);
        }

        return moved;
    }
}
