using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class QuotientRemainderEmbeddingTests
{
    private const int Values = 29;

    private static readonly FeatureBatch Data = new(
        new Column<string>("id", [.. Enumerable.Range(0, Values).Select(row => $"v{row:00}")]),
        new Column<string>("tags", [.. Enumerable.Range(0, Values - 1).Select(row => row % 3 == 0 ? "Drama" : $"t{row}")], [0, .. Enumerable.Range(0, Values)]));

    public static TheoryData<TableCombination, int?> Shapes => new()
    {
        { TableCombination.Multiply, null },
        { TableCombination.Multiply, 7 },
        { TableCombination.Multiply, 1000 },
        { TableCombination.Add, 1 },
        { TableCombination.Concatenate, null },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_category_has_a_vector_of_its_own_from_two_small_tables(TableCombination combination, int? buckets)
    {
        var tower = Made("id", combination, buckets);
        var (remainders, quotients) = (tower.Parameters[0].Value, tower.Parameters[1].Value);
        var m = remainders.Shape[0];
        Assert.Equal(Math.Min(buckets ?? 6, Values + 1), m);
        Assert.Equal((Values + 1 + m - 1) / m, quotients.Shape[0]);

        var embeddings = tower.Embed(Data).Chunk(4).ToArray();

        var lookup = (EncodedIds)new StringLookup("id", Data).Encode(Data);
        for (var row = 0; row < Values; row++)
        {
            var (quotient, remainder) = Math.DivRem(lookup.Values.Span[row], m);
            var (r, q) = (Row(remainders, remainder), Row(quotients, quotient));
            Assert.Equal(
                combination switch
                {
                    TableCombination.Multiply => [.. r.Zip(q, (x, y) => x * y)],
                    TableCombination.Add => [.. r.Zip(q, (x, y) => x + y)],
                    _ => (float[])[.. r, .. q],
                },
                embeddings[row]);
        }

        Assert.Equal(Values, embeddings.Select(vector => string.Join(" ", vector)).Distinct().Count());
    }

    [Theory]
    [InlineData("id", TableCombination.Multiply)]
    [InlineData("id", TableCombination.Concatenate)]
    [InlineData("tags", TableCombination.Add)]
    [InlineData("tags", TableCombination.Concatenate)]
    public void The_exported_tower_equals_the_trained_one(string column, TableCombination combination)
    {
        var tower = Made(column, combination, buckets: null);
        using var session = new OnnxSession(tower.Export());

        foreach (var rows in new[] { 1, 7, Values })
        {
            // Row 0 has an empty list.
            var batch = Data.Select([.. Enumerable.Range(0, rows)]);
            Assert.All(tower.Embed(batch).Zip(session.Embed(batch)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void Gradients_touch_only_the_rows_used()
    {
        var tower = Made("id", TableCombination.Multiply, buckets: 10);
        var (remainders, quotients) = (tower.Parameters[0], tower.Parameters[1]);
        using var scope = TensorScope.Begin();

        // Categories 12 and 13 (row 0 is for unknown values): remainders 2 and 3, quotient 1.
        var output = tower.Forward(Batch.Of(Data.Select([11, 12])));
        Tensor.Backward((output, new float[] { 1, 1, 1, 1, 1, 1, 1, 1 }));

        Assert.Equal([2, 3], remainders.RowGradient!.Rows.ToArray());
        Assert.Equal([1], quotients.RowGradient!.Rows.ToArray());
        Assert.Equal(Row(quotients.Value, 1), remainders.RowGradient.Values[..4].ToArray());
        Assert.Equal(Row(remainders.Value, 2).Zip(Row(remainders.Value, 3), (x, y) => x + y), quotients.RowGradient.Values.ToArray());
    }

    [Fact]
    public void The_penalty_is_that_of_the_joined_vectors()
    {
        var layer = new QuotientRemainderEmbedding(4, 5, TableCombination.Add, Initializer.Ones) { L2 = 0.5 };
        var context = ForwardContext.Training(0, 0);
        using var scope = TensorScope.Begin();

        new Tower(new StringLookup("id", Data), layer).Forward(new Batch(new EncodedData(Data), [0, 1, 2], context));

        // Three examples with |v|² = 4 · 2²: 3 · 0.5 · 16 / 2.
        Assert.Equal(12f, context.Regularization!.Scalar);
    }

    [Fact]
    public void Multiplied_embeddings_begin_within_a_twentieth()
    {
        var embeddings = new Tower(new StringLookup("id", Data), new QuotientRemainderEmbedding(64)).Embed(Data);

        Assert.InRange(embeddings.Max(MathF.Abs), 0.04f, 0.05f);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_a_remedy()
    {
        Assert.Contains("even", Assert.Throws<ArgumentException>(() => new QuotientRemainderEmbedding(5, combination: TableCombination.Concatenate)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuotientRemainderEmbedding(4, buckets: 0));
        Assert.Contains(
            "Use TableCombination.Add",
            Assert.Throws<InvalidOperationException>(() => new Tower(new StringLookup("tags", Data), new QuotientRemainderEmbedding(4)).Dimension).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "takes category numbers but is given raw features. Begin the tower with a preprocessing layer",
            Assert.Throws<InvalidOperationException>(() => new Tower(new QuotientRemainderEmbedding(4)).Forward(Batch.Of(Data))).Message,
            StringComparison.Ordinal);
    }

    private static Tower Made(string column, TableCombination combination, int? buckets)
    {
        var tower = new Tower(new StringLookup(column, Data), new QuotientRemainderEmbedding(4, buckets, combination));
        var random = new SeededRandom(6);
        foreach (var parameter in tower.Parameters)
        {
            foreach (ref var weight in parameter.Value.WritableValues())
            {
                weight = (float)random.NextNormal();
            }
        }

        return tower;
    }

    private static float[] Row(Tensor table, int row) => table.Values.Slice(row * table.Shape[1], table.Shape[1]).ToArray();
}
