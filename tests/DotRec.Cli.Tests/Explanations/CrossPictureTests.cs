using System.Globalization;
using System.Xml.Linq;
using DotRec.Kernels;
using DotRec.Modeling;

namespace DotRec.Cli.Tests;

public class CrossPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(12, 4, 2)]
    [InlineData(39, 16, 3)]
    public void Every_field_is_named_on_both_axes_of_every_heat_map_and_nothing_lies_outside(int fields, int width, int layers)
    {
        var weights = Weights(Enumerable.Range(0, fields).Select(i => (Name(i), i % 3 == 0 ? 1 : width)), layers);
        var svg = XDocument.Parse(CrossPicture.Svg(weights, BlockNorm.Frobenius)).Root!;
        var maps = layers == 1 ? 2 : 2 + layers;
        var titles = svg.Descendants(Svg + "text").Elements(Svg + "title").Select(title => title.Value).ToList();
        Assert.All(Enumerable.Range(0, fields), i => Assert.Equal(2 * maps, titles.Count(title => title == Name(i))));
        var (right, bottom) = (Number(svg, "width"), Number(svg, "height"));
        Assert.All(svg.Descendants().Where(element => element.Attribute("x") is not null), element =>
        {
            Assert.InRange(Number(element, "x"), 0, right);
            Assert.InRange(Number(element, "y"), 0, bottom);
            Assert.InRange(Number(element, "x") + Number(element, "width"), 0, right + 0.02);
        });
    }

    [Fact]
    public void Cells_tell_their_fields_and_number_and_the_greatest_has_the_brightest_colour()
    {
        var weights = new CrossWeights([new("a", 0, 1), new("b\u0001<", 1, 1)], [new CrossKernel("k", new float[] { 0, -4, 1, 2 })]);
        var cells = CrossPicture.Elements(weights, BlockNorm.Frobenius).First().Elements(Svg + "rect").Where(cell => cell.Element(Svg + "title") is not null).ToArray();
        Assert.Equal(["a × a: 0", "a × b\uFFFD<: 4", "b\uFFFD< × a: 1", "b\uFFFD< × b\uFFFD<: 2"], cells.Select(cell => cell.Value));
        Assert.Equal(4, cells.Select(cell => (string)cell.Attribute("fill")!).Distinct().Count());
        Assert.Equal(1, Array.IndexOf(cells, cells.MaxBy(Brightness)));
        Assert.Equal(0, Array.IndexOf(cells, cells.MinBy(Brightness)));

        static int Brightness(XElement cell) => ((string)cell.Attribute("fill")!)[1..].Chunk(2).Sum(channel => int.Parse(channel, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Large_matrices_are_images_inside_the_file_and_a_matrix_of_zeros_can_be_drawn()
    {
        var large = CrossPicture.Elements(Weights([("a", 50), ("b", 40)], layers: 1), BlockNorm.Frobenius).Last();
        Assert.StartsWith("data:image/png;base64,", (string)Assert.Single(large.Elements(Svg + "image")).Attribute("href")!, StringComparison.Ordinal);
        var zeros = new CrossWeights([new("a", 0, 2)], [new CrossKernel("k", new float[4])]);
        Assert.Equal("svg", XDocument.Parse(CrossPicture.Svg(zeros, BlockNorm.RootMeanSquare)).Root!.Name.LocalName);
    }

    [Fact]
    public void Names_that_would_overlap_are_moved_apart_in_order()
    {
        Assert.Equal([5.0, 50, 95], HeatMapPanel.Spread([5, 50, 95], 14, 110));
        var moved = HeatMapPanel.Spread([1, 2, 3, 80, 99], 14, 100);
        Assert.All(moved.Zip(moved.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14 - 1e-9));
        Assert.True(moved[^1] <= 100);
    }

    private static string Name(int i) => i % 2 == 0 ? $"field & \"{i}\" <of a name that is longer than there is room for>" : $"f'{i}'";

    private static double Number(XElement element, string name) => element.Attribute(name) is { } attribute ? double.Parse(attribute.Value, CultureInfo.InvariantCulture) : 0;

    private static CrossWeights Weights(IEnumerable<(string Name, int Width)> fields, int layers)
    {
        var random = new SeededRandom(3);
        var offset = 0;
        FieldBlock[] blocks = [.. fields.Select(field => new FieldBlock(field.Name, (offset += field.Width) - field.Width, field.Width))];
        return new CrossWeights(blocks, [.. Enumerable.Range(0, layers).Select(layer =>
            new CrossKernel($"cross {layer + 1}", Enumerable.Range(0, offset * offset).Select(_ => (float)random.NextNormal()).ToArray()))]);
    }
}
