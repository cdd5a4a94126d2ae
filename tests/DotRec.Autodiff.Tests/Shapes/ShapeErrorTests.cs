namespace DotRec.Autodiff.Tests.Shapes;

/// <summary>A shape mistake names the operation and the shapes.</summary>
public sealed class ShapeErrorTests
{
    public static TheoryData<string, Action> Mistakes => new()
    {
        { "Add: the shapes [2, 3] and [4] do not broadcast. Aligned at the last axis, sizes must be equal or 1; 3 meets 4.", () => _ = X(2, 3) + X(4) },
        { "Multiply: the shapes [2, 3] and [3, 3] do not broadcast. Aligned at the last axis, sizes must be equal or 1; 2 meets 3.", () => _ = X(2, 3) * X(3, 3) },
        { "Comparison: the shapes [2] and [3] do not broadcast. Aligned at the last axis, sizes must be equal or 1; 2 meets 3.", () => _ = X(2) > X(3) },
        { "Where: the shapes [3] and [2] do not broadcast. Aligned at the last axis, sizes must be equal or 1; 3 meets 2.", () => Tensor.Where(X(2) > 1, X(3), X(3)) },
        { "MatMul: [2, 3] and [4, 5] do not fit: the inner sizes must be equal, but 3 meets 4.", () => X(2, 3).MatMul(X(4, 5)) },
        { "MatMul: [2, 3] transposed and [3, 4] transposed do not fit: the inner sizes must be equal, but 2 meets 4.", () => X(2, 3).MatMul(X(3, 4), true, true) },
        { "MatMul: [3] and [3, 4] do not fit: both need at least two axes.", () => X(3).MatMul(X(3, 4)) },
        { "MatMul: [2, 3, 4] and [5, 4, 1] do not fit: the leading axes must be equal, or the right factor must have two axes.", () => X(2, 3, 4).MatMul(X(5, 4, 1)) },
        { "Gather: the table has shape [2]; a table has two axes, [rows, width].", () => X(2).Gather(new Indices(new[] { 0 })) },
        { "GatherMean: the table has shape [1, 2, 3]; a table has two axes, [rows, width].", () => X(1, 2, 3).GatherMean(new Indices(new[] { 0 }, new[] { 0, 1 })) },
        {
            "Concatenate: tensor 0 has shape [2, 3] and tensor 1 has shape [3, 3]; all sizes but that of axis 1 must be equal.",
            () => Tensor.Concatenate([X(2, 3), X(3, 3)])
        },
        { "Concatenate: tensor 0 has shape [2, 3] and tensor 1 has shape [3]; all sizes but that of axis 0 must be equal.", () => Tensor.Concatenate([X(2, 3), X(3)], 0) },
        { "CausalAttention: [2, 4] with 1 heads; two axes were expected, [positions, 3·D], D a multiple of the heads.", () => X(2, 4).CausalAttention(new[] { 0, 2 }) },
        { "Slice: 3 positions from 1 on do not lie inside axis 1 of [2, 3], whose size is 3.", () => X(2, 3).Slice(1, 1, 3) },
        { "Slice: [2, 3] has 2 axes; axis 2 does not exist.", () => X(2, 3).Slice(2, 0, 1) },
        { "Reshape: [2, 3] holds 6 values, which do not fill the shape [4].", () => X(2, 3).Reshape(4) },
        { "Reshape: [2, 3] holds 6 values, which do not fill the shape [-1, 4].", () => X(2, 3).Reshape(-1, 4) },
        { "Reshape: the shape [-1, 1, -1] has more than one open size; only one can follow from the others.", () => X(2, 3).Reshape(-1, 1, -1) },
        { "The shape [2, -3] has a negative size; sizes are 0 or more.", () => X(2, -3) },
        { "Transpose: [3] has less than two axes.", () => X(3).Transpose() },
        { "Transpose: the order [0, 0] must name each axis of [2, 3] once, counted from 0.", () => X(2, 3).Transpose(0, 0) },
        { "Sum: [2, 3] has 2 axes; axis -3 does not exist.", () => X(2, 3).Sum(-3) },
        { "Mean: [] has 0 axes; axis 0 does not exist.", () => Tensor.Constant(1).Mean(0) },
        { "Max: [2, 0] has no values to choose from.", () => X(2, 0).Max(1) },
        { "Softmax: [2] has 1 axes; axis 1 does not exist.", () => X(2).Softmax(1) },
        {
            "LayerNorm: [2, 3] with gain [2] and bias [3]; gain and bias must be vectors as long as the last axis.",
            () => X(2, 3).LayerNorm(X(2), X(3))
        },
        { "From: 5 values do not fill the shape [2, 3], which holds 6.", () => Tensor.From(new float[5], 2, 3) },
        { "Mask: 1 values do not fill the shape [2], which holds 2.", () => Mask.From([true], 2) },
        { "A tensor has at most 6 axes; the shape [1, 1, 1, 1, 1, 1, 1] has 7.", () => X(1, 1, 1, 1, 1, 1, 1) },
        { "The shape [65536, 65536] holds more than 1073741795 values, the most a tensor holds.", () => X(65536, 65536) },
        { "Precomputed: the gradient [2] must have the shape of its input, [3].", () => Tensor.Precomputed(0, (X(3), X(2))) },
        { "The row-sparse parameter 'table' has shape [3]; a table has two axes, [rows, width].", () => _ = new Parameter("table", isRowSparse: true, 3) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_message_names_operation_and_shapes(string message, Action mistake) => Assert.Equal(message, Assert.Throws<ShapeException>(mistake).Message);

    [Fact]
    public void An_index_outside_the_table_is_named_with_its_position()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Given.Parameter("users", new float[6], 3, 2).Value.Gather(new Indices(new[] { 0, 3 })));
        Assert.Equal("Gather: index 3 at position 1 is outside 'users' [3, 2], whose rows are 0 to 2.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => X(3, 2).GatherMean(new Indices(new[] { -1 }, new[] { 0, 1 })));
    }

    [Fact]
    public void Jagged_and_plain_indices_are_not_confused()
    {
        Indices plain = new(new[] { 0 }), jagged = new(new[] { 0 }, new[] { 0, 1 });
        Assert.StartsWith("Gather takes one index a row, but the indices are jagged. Use GatherMean.", Assert.Throws<ArgumentException>(() => X(1, 1).Gather(jagged)).Message);
        Assert.StartsWith(
            "GatherMean takes a list of indices a row, but these have one index a row. Use Gather.", Assert.Throws<ArgumentException>(() => X(1, 1).GatherMean(plain)).Message);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 0, 2, 1, 2 })]
    [InlineData(new[] { 0, 1 })]
    public void Offsets_must_describe_the_values(int[] offsets) => Assert.Throws<ArgumentException>(() => new Indices(new[] { 7, 8 }, offsets));

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void A_dropout_rate_is_at_least_0_and_less_than_1(float rate) =>
        Assert.StartsWith(
            "Dropout: the rate must be at least 0 and less than 1.", Assert.Throws<ArgumentOutOfRangeException>(() => X(1).Dropout(rate, 0, isTraining: true)).Message);

    private static Tensor X(params int[] shape) => Tensor.Zeros(shape);
}
