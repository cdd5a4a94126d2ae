using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class NextItemLossTests
{
    private const int Items = 30;
    private const int Positions = 50;
    private const int Width = 6;

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    public void Loss_and_gradients_are_those_of_plain_operations(int negatives)
    {
        Parameter table = Table(isRowSparse: true), plain = Table(isRowSparse: false);
        var next = Enumerable.Range(0, Positions).Select(i => (i * 7) % Items).ToArray();
        Tensor states = States(), plainStates = States();
        var loss = new NextItemLoss(table, negatives);
        var value = loss.Sum(states, next, new SeededRandom(4));
        value.Backward();

        // The softmax over the drawn items and the next one; a drawn item that is the next one is left out.
        var drawn = negatives == 0 ? [.. Enumerable.Range(0, Items)] : new NextItemLoss(table, negatives).Draw(new SeededRandom(4));
        var scores = plainStates.MatMul(plain.Value.Gather(new Indices(drawn)), transposeRight: true);
        var mask = Mask.Constant([.. next.SelectMany(item => drawn.Select(other => other == item))], Positions, drawn.Length);
        var own = (plainStates * plain.Value.Gather(new Indices(next))).Sum(-1, true);
        var all = Tensor.Concatenate([Tensor.Where(mask, Tensor.Constant(-1e30f), scores), own]);
        var expected = (all.LogSumExp(-1) - own.Reshape(Positions)).Sum();
        expected.Backward();

        Assert.Equal(expected.Scalar, value.Scalar, 1e-4f * expected.Scalar);
        Close(plainStates.Gradient!.Values, states.Gradient!.Values);
        var gradient = new float[Items * Width];
        for (var i = 0; i < table.RowGradient!.Count; i++)
        {
            table.RowGradient.Values.Slice(i * Width, Width).CopyTo(gradient.AsSpan(table.RowGradient.Rows[i] * Width));
        }

        Close(plain.Gradient!.Values, gradient);
    }

    [Fact]
    public void Negatives_are_drawn_without_repeats_and_evenly()
    {
        var loss = new NextItemLoss(Table(isRowSparse: true), negatives: 10);
        var random = new SeededRandom(1);
        var counts = new int[Items];
        for (var draw = 0; draw < 3000; draw++)
        {
            var drawn = loss.Draw(random);
            Assert.Equal(10, drawn.Distinct().Count());
            Array.ForEach(drawn, item => counts[item]++);
        }

        // 1,000 each, with a standard deviation of 26.
        Assert.All(counts, count => Assert.InRange(count, 890, 1110));
    }

    [Theory]
    [InlineData(5000, null, 0)]
    [InlineData(5001, null, 4096)]
    [InlineData(100, 99, 99)]
    [InlineData(100, 100, 0)]
    [InlineData(100, 0, 0)]
    public void Small_catalogues_are_taken_whole(int items, int? asked, int expected) =>
        Assert.Equal(expected, new SasRecOptions { Negatives = asked }.NegativesOf(items));

    private static Parameter Table(bool isRowSparse)
    {
        var table = new Parameter("table", isRowSparse, Items, Width);
        Fill(table.Value.WritableValues(), seed: 2);
        return table;
    }

    private static Tensor States()
    {
        var values = new float[Positions * Width];
        Fill(values, seed: 3);
        var states = Tensor.From(values, Positions, Width);
        states.RequiresGradient = true;
        return states;
    }

    private static void Fill(Span<float> values, ulong seed)
    {
        var random = new SeededRandom(seed);
        foreach (ref var value in values)
        {
            value = (float)random.NextNormal();
        }
    }

    private static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.Equal(expected.ToArray(), actual.ToArray(), (x, y) => MathF.Abs(x - y) <= 1e-4f);
}
