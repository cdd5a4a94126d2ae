using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class NextItemLossTests
{
    private const int Items = 30;
    private const int Positions = 50;
    private const int Width = 6;
    private const NextItemLossKind Gbce = NextItemLossKind.GeneralizedBinaryCrossEntropy;

    private static readonly int[] Next = [.. Enumerable.Range(0, Positions).Select(i => i * 7 % Items)];
    private static readonly int[] Popularity = [.. Enumerable.Range(0, Items).Select(i => i)];

    [Theory]
    [InlineData(NextItemLossKind.Softmax, 0, 0, false)]
    [InlineData(NextItemLossKind.Softmax, 12, 0, false)]
    [InlineData(NextItemLossKind.Softmax, 12, 0, true)]
    [InlineData(NextItemLossKind.Softmax, 25, 0.5, false)]
    [InlineData(NextItemLossKind.Softmax, 25, 1, true)]
    [InlineData(Gbce, 0, 0, false)]
    [InlineData(Gbce, 12, 0, false)]
    [InlineData(Gbce, 25, 1, false)]
    public void Loss_and_gradients_are_those_of_the_double_oracle(NextItemLossKind kind, int negatives, double popularity, bool correction)
    {
        var options = new SasRecOptions { Loss = kind, Negatives = negatives, NegativePopularity = popularity, LogQCorrection = correction, Calibration = 0.6 };
        var table = Table();
        var states = States();
        var loss = new NextItemLoss(new ItemEmbedding(table, []), options, Popularity);
        var value = loss.Sum(states, Next, new SeededRandom(4));
        value.Backward();

        var drawn = negatives == 0
            ? new Negatives([.. Enumerable.Range(0, Items)], null, [.. Enumerable.Repeat(1.0, Items)])
            : new NegativeSampler(Items, negatives, popularity, Popularity).Draw(new SeededRandom(4));
        var (expected, stateGradient, tableGradient) = Oracle(options, states.Values.ToArray(), table.Value.Values.ToArray(), drawn);
        Assert.Equal(expected, value.Scalar, 1e-5 * Math.Abs(expected));
        Close(stateGradient, states.Gradient!.Values);
        var gradient = new float[Items * Width];
        for (var i = 0; i < table.RowGradient!.Count; i++)
        {
            table.RowGradient.Values.Slice(i * Width, Width).CopyTo(gradient.AsSpan(table.RowGradient.Rows[i] * Width));
        }

        Close(tableGradient, gradient);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 10.0 / 29)]
    [InlineData(0.75, 0.25 + (0.75 * 10 / 29))]
    public void Calibration_goes_from_plain_cross_entropy_to_the_share_of_negatives(double calibration, double exponent) => Assert.Equal(
        exponent,
        new NextItemLoss(new ItemEmbedding(Table(), []), new SasRecOptions { Loss = Gbce, Negatives = 10, Calibration = calibration }, Popularity).Exponent(10),
        1e-12);

    [Fact]
    public void With_the_correction_the_sampled_sum_is_that_of_the_catalogue_on_average()
    {
        foreach (var popularity in new[] { 0, 0.7 })
        {
            var sampler = new NegativeSampler(Items, 10, popularity, Popularity);
            var random = new SeededRandom(6);
            var sums = new double[Items];
            const int Draws = 20_000;
            for (var draw = 0; draw < Draws; draw++)
            {
                var drawn = sampler.Draw(random);
                for (var j = 0; j < drawn.Items.Length; j++)
                {
                    sums[drawn.Items[j]] += (drawn.Counts?[j] ?? 1) / drawn.Expected[j];
                }
            }

            Assert.All(sums, sum => Assert.Equal(1, sum / Draws, 0.15));
        }
    }

    [Fact]
    public void Negatives_are_drawn_without_repeats_and_evenly_or_by_popularity_and_counted()
    {
        var uniform = new NegativeSampler(Items, 10, 0, Popularity);
        var weighed = new NegativeSampler(Items, 10, 1, Popularity);
        var random = new SeededRandom(1);
        int[] counts = new int[Items], often = new int[Items];
        for (var draw = 0; draw < 3000; draw++)
        {
            var drawn = uniform.Draw(random).Items;
            Assert.Equal(10, drawn.Distinct().Count());
            Array.ForEach(drawn, item => counts[item]++);
            var others = weighed.Draw(random);
            Assert.Equal(others.Items.Length, others.Items.Distinct().Count());
            Assert.Equal(10, others.Counts!.Sum());
            for (var j = 0; j < others.Items.Length; j++)
            {
                often[others.Items[j]] += others.Counts![j];
            }
        }

        // 1,000 each, with a standard deviation of 26; and in proportion to 1, 1, 2, …, 29, whose sum is 436.
        Assert.All(counts, count => Assert.InRange(count, 890, 1110));
        Assert.All(often.Select((count, item) => (count, item)), pair => Assert.Equal(30_000.0 * Math.Max(1, pair.item) / 436, pair.count, 5 * Math.Sqrt(70.0 * Math.Max(1, pair.item))));
        Assert.Equal([1, -1, 0], uniform.ColumnsOf([4, 5, 9], [9, 4]));
    }

    [Theory]
    [InlineData(5000, null, 0)]
    [InlineData(5001, null, 4096)]
    [InlineData(100, 99, 99)]
    [InlineData(100, 100, 0)]
    [InlineData(100, 0, 0)]
    public void Small_catalogues_are_taken_whole(int items, int? asked, int expected) =>
        Assert.Equal(expected, new SasRecOptions { Negatives = asked }.NegativesOf(items));

    // The loss as a function of states and table, and its central differences.
    private static (double Loss, double[] States, double[] Table) Oracle(SasRecOptions options, float[] states, float[] table, Negatives drawn)
    {
        var values = states.Concat(table).Select(value => (double)value).ToArray();
        double At(int row, int offset, int k) => values[(offset * states.Length) + (row * Width) + k];
        double Score(int position, int item) => Enumerable.Range(0, Width).Sum(k => At(position, 0, k) * At(item, 1, k));
        var count = options.Negatives == 0 ? Items - 1 : options.Negatives!.Value;
        var share = count / (Items - 1.0);
        var exponent = share * ((options.Calibration * (1 - (1 / share))) + (1 / share));
        double Loss()
        {
            var sum = 0.0;
            for (var position = 0; position < Positions; position++)
            {
                var own = Score(position, Next[position]);
                var others = drawn.Items.Select((item, j) => (Item: item, Count: drawn.Counts?[j] ?? 1, Expected: drawn.Expected[j])).Where(other => other.Item != Next[position]);
                sum += options.Loss == Gbce
                    ? ((exponent * Math.Log(1 + Math.Exp(-own))) + others.Sum(other => other.Count * Math.Log(1 + Math.Exp(Score(position, other.Item))))) / (count + 1)
                    : Math.Log(Math.Exp(own) + others.Sum(other => other.Count * Math.Exp(Score(position, other.Item)) / (options.LogQCorrection ? other.Expected : 1))) - own;
            }

            return sum;
        }

        var gradient = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            const double Step = 1e-5;
            var value = values[i];
            values[i] = value + Step;
            var above = Loss();
            values[i] = value - Step;
            gradient[i] = (above - Loss()) / (2 * Step);
            values[i] = value;
        }

        return (Loss(), gradient[..states.Length], gradient[states.Length..]);
    }

    private static Parameter Table()
    {
        var table = new Parameter("table", isRowSparse: true, Items, Width);
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

    private static void Close(double[] expected, ReadOnlySpan<float> actual) =>
        Assert.Equal(expected, Array.ConvertAll(actual.ToArray(), value => (double)value), (x, y) => Math.Abs(x - y) <= 1e-4);
}
