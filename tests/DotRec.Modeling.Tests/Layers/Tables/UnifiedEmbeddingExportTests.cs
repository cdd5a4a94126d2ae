using DotRec.Autodiff;
using DotRec.Data;

namespace DotRec.Modeling.Tests;

public class UnifiedEmbeddingExportTests
{
    private static readonly FeatureBatch Data = new(
        new Column<string>("city", [.. Enumerable.Range(0, 20).Select(row => $"c{row % 6}")]),
        new Column<string>("genres", [.. Enumerable.Range(0, 30).Select(i => i % 4 == 0 ? "Drama" : $"g{i % 7}")], [0, .. Enumerable.Range(0, 20).Select(row => (row + 1) * 3 / 2)]));

    [Fact]
    public void The_exported_tower_equals_the_trained_one()
    {
        var unified = new UnifiedEmbedding(10, 4, tableCount: 2);
        var tower = new Tower(new Concatenate([unified.Feature("city", Data, chunks: 3)], [unified.Feature("genres", Data, chunks: 2)]), new Dense(5));
        using var session = new OnnxSession(tower.Export());

        foreach (var rows in new[] { 1, 7, 20 })
        {
            var batch = Data.Select([.. Enumerable.Range(0, rows)]);
            Assert.All(tower.Embed(batch).Zip(session.Embed(batch)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        // Written once each, however many chunks look them up.
        Assert.Equal(2, tower.Parameters.Count(parameter => parameter.IsRowSparse));
    }

    [Fact]
    public void Each_chunk_adds_the_penalty_of_its_vector()
    {
        var unified = new UnifiedEmbedding(10, 4, tableCount: 2, Initializer.Ones, l2: 0.5);
        var context = ForwardContext.Training(0, 0);
        using var scope = TensorScope.Begin();

        new Tower(unified.Feature("city", Data, chunks: 3)).Forward(new Batch(new EncodedData(Data), [0, 1], context));

        // Two examples of three chunks with |v|² = 4: 6 · 0.5 · 4 / 2.
        Assert.Equal(6f, context.Regularization!.Scalar);
    }
}
