using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class InteractionMisuseTests
{
    [Fact]
    public void Features_of_unequal_width_are_refused_by_name_even_where_their_sum_fits()
    {
        // 4 + 2 + 6 = 3 · 4: sliced wrongly without a word by an implementation that only reshapes.
        Tensor[] features = [Tensor.Zeros(5, 4), Tensor.Zeros(5, 2), Tensor.Zeros(5, 6)];

        var message = Assert.Throws<ArgumentException>(() => new DotInteraction().Call(features, ForwardContext.Inference)).Message;

        Assert.StartsWith("Layer DotInteraction: feature dimensions must be equal, but the widths are 4, 2, 6", message, StringComparison.Ordinal);
        var data = new FeatureBatch(new Column<string>("id", ["a"]));
        var tower = new Tower(new Stack([new StringLookup("id", data), new Embedding(4)], [new StringLookup("id", data), new Embedding(2)]), new DotInteraction());
        Assert.StartsWith("Layer tower/0.Stack: feature dimensions must be equal", Assert.Throws<ArgumentException>(() => tower.Dimension).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dot_products_need_stacked_features()
    {
        var message = Assert.Throws<InvalidOperationException>(() => new DotInteraction().Call(Tensor.Zeros(5, 4), ForwardContext.Inference)).Message;

        Assert.Contains("Put a Stack of the features before it", message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new DotInteraction().Call(Tensor.Zeros(5, 1, 4), ForwardContext.Inference));
    }

    [Fact]
    public void Settings_without_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cross(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cross { KernelL2 = -1 });
        Assert.Throws<ArgumentException>(() => new CrossNetwork());
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiLayerDcn(layerCount: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossMixture(2, experts: 0));
        Assert.Throws<ArgumentException>(() => new Mlp([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Mlp([4, 1], dropout: 1));
        Assert.Throws<ArgumentException>(() => new Stack());
    }
}
