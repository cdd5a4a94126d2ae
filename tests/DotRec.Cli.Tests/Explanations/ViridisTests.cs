namespace DotRec.Cli.Tests;

public class ViridisTests
{
    [Fact]
    public void Brightness_grows_with_the_share_and_both_ends_are_matplotlibs()
    {
        var brightness = Enumerable.Range(0, 65).Select(i => Luminance(Viridis.At(i / 64.0))).ToArray();
        Assert.All(brightness.Zip(brightness.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.Equal((0x440154u, 0xFDE725u), (Viridis.At(0), Viridis.At(1)));
        Assert.Equal((Viridis.At(0), Viridis.At(1)), (Viridis.At(-1), Viridis.At(2)));
    }

    // Rec. 709.
    private static double Luminance(uint color) => (0.2126 * (color >> 16)) + (0.7152 * ((color >> 8) & 0xFF)) + (0.0722 * (color & 0xFF));
}
