using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of its dot interaction.</summary>
public class DotInteractionTests
{
    private const double F11 = 19.84, F12 = -13.46, F13 = -7.38, F22 = 16.24, F23 = 6, F33 = 14.88;

    private static readonly Tensor[] Features =
    [
        Tensor.From([0.1f, -4.3f, 0.2f, 1.1f, 0.3f], 1, 5),
        Tensor.From([2f, 3.2f, -1f, 0f, 1f], 1, 5),
        Tensor.From([0f, 1f, -3f, -2.2f, -0.2f], 1, 5),
    ];

    [Fact]
    public void With_itself_gathered() => Equal([F11, F12, F22, F13, F23, F33], selfInteraction: true, skipGather: false);

    [Fact]
    public void With_itself_ungathered() => Equal([F11, 0, 0, F12, F22, 0, F13, F23, F33], selfInteraction: true, skipGather: true);

    [Fact]
    public void Pairs_gathered() => Equal([F12, F13, F23], selfInteraction: false, skipGather: false);

    [Fact]
    public void Pairs_ungathered() => Equal([0, 0, 0, F12, 0, 0, F13, F23, 0], selfInteraction: false, skipGather: true);

    [Fact]
    public void Unequal_widths_are_refused() => Assert.Contains(
        "dimensions must be equal",
        Assert.Throws<ArgumentException>(() => new DotInteraction().Call([Tensor.Zeros(1, 3), Tensor.Zeros(1, 3), Tensor.Zeros(1, 2)], ForwardContext.Inference)).Message,
        StringComparison.Ordinal);

    private static void Equal(double[] expected, bool selfInteraction, bool skipGather)
    {
        var dots = new DotInteraction(selfInteraction, skipGather).Call(Features, ForwardContext.Inference);

        Assert.Equal([1, expected.Length], dots.Shape.ToArray());
        Assert.All(expected.Zip(dots.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
