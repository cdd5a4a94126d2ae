namespace DotRec.Autodiff.Tests.Recording;

public sealed class BackwardTests
{
    [Fact]
    public void A_dense_layer_has_the_gradients_of_its_formula()
    {
        // loss = Σ relu(x·w + b); x = [1, 2], w = [[1, −1], [1, −1]], b = [0.5, 0.5]: only the first unit, 3.5, is active.
        var x = Tensor.From([1, 2], 1, 2);
        x.RequiresGradient = true;
        var w = Filled("w", [1, -1, 1, -1], 2, 2);
        var b = Filled("b", [0.5f, 0.5f], 2);

        var loss = (x.MatMul(w) + b).Relu().Sum();
        loss.Backward();

        Assert.Equal(3.5f, loss.Scalar);
        Assert.Equal([1f, 0, 2, 0], w.Gradient!.Values.ToArray());
        Assert.Equal([1f, 0], b.Gradient!.Values.ToArray());
        Assert.Equal([1f, 1], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        // d(x·x + x)/dx = 2x + 1
        var x = Filled("x", [3, -1], 2);
        (x * x.Value + x).Sum().Backward();
        Assert.Equal([7f, -1], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void A_row_sparse_gradient_holds_each_used_row_once()
    {
        var table = new Parameter("table", isRowSparse: true, 4, 2);
        var weights = Tensor.From([1, 2, 3, 4, 5, 6], 3, 2);
        (table.Value.Gather(new Indices(new[] { 3, 1, 3 })) * weights).Sum().Backward();

        Assert.Equal([3, 1], table.RowGradient!.Rows.ToArray());
        Assert.Equal([6f, 8, 3, 4], table.RowGradient.Values.ToArray());
    }

    private static Parameter Filled(string name, float[] values, params int[] shape)
    {
        var parameter = new Parameter(name, shape);
        values.CopyTo(parameter.Value.WritableValues());
        return parameter;
    }
}
