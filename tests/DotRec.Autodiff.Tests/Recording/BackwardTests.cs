using CsCheck;

namespace DotRec.Autodiff.Tests.Recording;

public sealed class BackwardTests
{
    [Fact]
    public void A_dense_layer_has_the_gradients_of_its_formula()
    {
        // loss = Σ relu(x·w + b); x = [1, 2], w = [[1, −1], [1, −1]], b = [0.5, 0.5]: only the first unit, 3.5, is active.
        var x = Tensor.From([1, 2], 1, 2);
        x.RequiresGradient = true;
        var w = Given.Parameter("w", [1, -1, 1, -1], 2, 2);
        var b = Given.Parameter("b", [0.5f, 0.5f], 2);

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
        var x = Given.Parameter("x", [3, -1], 2);
        ((x.Value * x.Value) + x).Sum().Backward();
        Assert.Equal([7f, -1], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Ten_thousand_operations_in_a_row_do_not_overflow_the_stack()
    {
        // yₙ = yₙ₋₁ · 1 + x / 10000 … from x: dy/dx = 1 + 10000/10000
        var x = Given.Parameter("x", [2], 1);
        Tensor y = x;
        for (var i = 0; i < 10_000; i++)
        {
            y += x.Value * 1e-4f;
        }

        y.Sum().Backward();
        Assert.Equal(2f, x.Gradient!.Values[0], 1e-3f);
    }

    [Fact]
    public void Gradients_of_several_passes_add_up_until_cleared()
    {
        var x = Given.Parameter("x", [1, 2], 2);
        (x.Value * 3f).Sum().Backward();
        (x.Value * 4f).Sum().Backward();
        Assert.Equal([7f, 7], x.Gradient!.Values.ToArray());

        x.ClearGradient();
        Assert.Null(x.Gradient);
        (x.Value * 5f).Sum().Backward();
        Assert.Equal([5f, 5], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Seeds_of_two_outputs_make_one_pass()
    {
        // a = 2x, b = 3x, both from h = x·1: dx = 2·1 + 3·10
        var x = Given.Parameter("x", [1], 1);
        var h = x.Value * 1f;
        Tensor.Backward((h * 2f, new float[] { 1 }), (h * 3f, new float[] { 10 }));
        Assert.Equal([32f], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void A_seed_on_an_input_of_another_seed_adds_to_its_gradient()
    {
        var x = Given.Parameter("x", [1], 1);
        var h = x.Value * 2f;
        Tensor.Backward((h, new float[] { 1 }), (h * 3f, new float[] { 1 }));
        Assert.Equal([8f], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void A_row_sparse_gradient_equals_the_dense_one() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 5], Gen.Int[0, 7].Array[0, 20], Gen.Int[0, 7].Array[1, 20], Gen.Int[0, 3].Array[1, 6]).Sample((rows, width, ids, more, lengths) =>
        {
            Indices plain = new(Array.ConvertAll(ids, id => id % rows));
            var offsets = new int[lengths.Length + 1];
            for (var i = 0; i < lengths.Length; i++)
            {
                offsets[i + 1] = offsets[i] + lengths[i];
            }

            Indices lists = new(Enumerable.Range(0, offsets[^1]).Select(i => more[i % more.Length] % rows).ToArray(), offsets);
            var dense = new Parameter("dense", rows, width);
            var sparse = new Parameter("sparse", isRowSparse: true, rows, width);
            foreach (var table in new[] { dense, sparse })
            {
                (table.Value.Gather(plain) * Given.Ramp(ids.Length, width)).Sum().Backward();
                (table.Value.GatherMean(lists) * Given.Ramp(lengths.Length, width)).Sum().Backward();
            }

            var expected = dense.Gradient!.Values.ToArray();
            var actual = new float[rows * width];
            Assert.Equal(sparse.RowGradient?.Count ?? 0, (sparse.RowGradient?.Rows.ToArray() ?? []).Distinct().Count());
            for (var slot = 0; slot < (sparse.RowGradient?.Count ?? 0); slot++)
            {
                sparse.RowGradient!.Values.Slice(slot * width, width).CopyTo(actual.AsSpan(sparse.RowGradient.Rows[slot] * width));
            }

            Assert.Equal(expected, actual);
        });

    [Fact]
    public void Rows_stand_in_the_order_of_first_use_and_clear_forgets_them()
    {
        var table = new Parameter("table", isRowSparse: true, 4, 2);
        (table.Value.Gather(new Indices(new[] { 3, 1, 3 })) * Given.Ramp(3, 2)).Sum().Backward();
        Assert.Equal([3, 1], table.RowGradient!.Rows.ToArray());
        Assert.Equal([1f + 5, 2 + 6, 3, 4], table.RowGradient.Values.ToArray());
        Assert.Null(table.Gradient);

        table.ClearGradient();
        Assert.Null(table.RowGradient);
        table.Value.Gather(new Indices(new[] { 1 })).Sum().Backward();
        Assert.Equal([1], table.RowGradient!.Rows.ToArray());
        Assert.Equal([1f, 1], table.RowGradient.Values.ToArray());
    }

    [Fact]
    public void Nothing_is_recorded_while_gradients_are_off()
    {
        var x = Given.Parameter("x", [1], 1);
        using (Gradients.Off())
        {
            Assert.False(Gradients.AreOn);
            using (Gradients.Off())
            {
                Assert.False((x.Value * 2f).RequiresGradient);
            }

            Assert.False(Gradients.AreOn);
        }

        Assert.True((x.Value * 2f).RequiresGradient);
    }

    [Fact]
    public void Only_what_leads_to_a_parameter_gets_a_gradient()
    {
        var data = Tensor.From([2], 1);
        var w = Given.Parameter("w", [3], 1);
        (data * w).Sum().Backward();
        Assert.Null(data.Gradient);
        Assert.Equal([2f], w.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Backward_needs_a_scalar()
    {
        var error = Assert.Throws<InvalidOperationException>(() => (Given.Parameter("w", [1, 2], 2).Value * 2f).Backward());
        Assert.Equal(
            "Backward starts at a scalar, but this tensor has shape [2]. Reduce it with Sum or Mean, or give the gradient: Backward((tensor, gradient)).",
            error.Message);
    }

    [Fact]
    public void Backward_needs_something_that_requires_a_gradient()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Tensor.From([1], 1).Backward());
        Assert.Equal("Backward: Tensor [1] does not require a gradient. It depends on no parameter, or was computed inside Gradients.Off().", error.Message);
    }

    [Fact]
    public void Backward_through_the_same_operations_twice_is_refused_and_leaves_no_half_gradient()
    {
        var w = Given.Parameter("w", [3], 1);
        var loss = (w.Value * 2f).Sum();
        loss.Backward();
        var error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.Equal("Backward already went through Sum []. Compute the loss again, or pass all its seeds to one Backward call.", error.Message);
        Assert.Equal([2f], w.Gradient!.Values.ToArray());
    }

    [Fact]
    public void A_value_written_over_between_forward_and_backward_is_noticed()
    {
        var w = Given.Parameter("w", [3], 1);
        var loss = (w.Value * w.Value).Sum();
        w.Value.WritableValues()[0] = 4;
        var error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.Equal(
            "Multiply [1]: a tensor it relies on was written to after the operation ran (input 'w' [1], input 'w' [1]). Call Backward before changing values.",
            error.Message);
        Assert.Null(w.Gradient);
    }

    [Fact]
    public void A_seed_has_the_length_of_its_output()
    {
        var error = Assert.Throws<ShapeException>(() => Tensor.Backward((Given.Parameter("w", [1, 2], 2).Value * 2f, new float[3])));
        Assert.Equal("Backward: seed 0 has 3 values, but its output has shape [2], 2 values.", error.Message);
    }

    [Fact]
    public void A_row_sparse_table_is_only_gathered_from()
    {
        var table = new Parameter("users", isRowSparse: true, 4, 2);
        var error = Assert.Throws<InvalidOperationException>(() => table.Value * 2f);
        Assert.Equal(
            "Multiply: the parameter 'users' has row-sparse gradients and may only be gathered from. Make it with isRowSparse: false to use it otherwise.",
            error.Message);
        using (Gradients.Off())
        {
            Assert.Equal(0, (table.Value * 2f).Values[0]);
        }
    }

    [Fact]
    public void Whether_a_result_requires_a_gradient_is_its_inputs_choice()
    {
        var result = Given.Parameter("w", [1], 1).Value * 2f;
        var error = Assert.Throws<InvalidOperationException>(() => result.RequiresGradient = false);
        Assert.Equal(
            "This tensor [1] is the result of Multiply; RequiresGradient is its inputs' choice. Use Gradients.Off() to record nothing, or Detach().", error.Message);
    }
}
