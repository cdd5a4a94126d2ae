using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class EmbeddingPenaltyTests
{
    private static readonly FeatureBatch Data = new(new Column<string>("id", ["a", "b", "a", "a"]));

    [Fact]
    public void Pulls_a_vector_to_zero_as_often_as_examples_use_it()
    {
        // λ = 0.5; "a" is used by three examples, "b" by one: gradients 1.5 · v_a and 0.5 · v_b.
        var layer = new Embedding(2, Initializer.Ones) { L2 = 0.5 };
        var tower = new Tower(new StringLookup("id", Data), layer);

        Assert.Equal(Gradient(tower, layer, [0, 1, 2, 3], repeats: null), Gradient(tower, layer, [0, 1], repeats: [3, 1]));
        Assert.Equal([1.5f, 1.5f, 0.5f, 0.5f], Gradient(tower, layer, [0, 1], repeats: [3, 1]));
    }

    [Fact]
    public void Adds_half_the_strength_times_the_squares()
    {
        var layer = new Embedding(2, Initializer.Ones) { L2 = 0.5 };
        var context = ForwardContext.Training(0, 0);
        using var scope = TensorScope.Begin();
        new Tower(new StringLookup("id", Data), layer).Forward(new Batch(new EncodedData(Data), [0, 1, 2, 3], context));

        // Four examples, |v|² = 2 each: 4 · 0.5 · 2 / 2.
        Assert.Equal(2f, context.Regularization!.Scalar);
    }

    [Fact]
    public void Is_silent_outside_training()
    {
        using var scope = TensorScope.Begin();
        new Tower(new StringLookup("id", Data), new Embedding(2) { L2 = 0.5 }).Forward(Batch.Of(Data));

        Assert.Null(ForwardContext.Inference.Regularization);
    }

    [Fact]
    public void Refuses_a_negative_strength() => Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(2) { L2 = -1 });

    private static float[] Gradient(Tower tower, Embedding layer, int[] rows, int[]? repeats)
    {
        var context = ForwardContext.Training(0, 0);
        using var scope = TensorScope.Begin();
        tower.Forward(new Batch(new EncodedData(Data), rows, context, repeats));
        layer.Table!.ClearGradient();
        context.Regularization!.Backward();
        return layer.Table.RowGradient!.Values.ToArray();
    }
}
