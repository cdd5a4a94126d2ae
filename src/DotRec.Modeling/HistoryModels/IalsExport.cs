namespace DotRec.Modeling;

/// <summary>
/// Writes the query side of an <see cref="IalsModel"/>. ONNX has no solver, so the vector of a history is found by conjugate gradients, divided by the diagonal that all queries share: each step
/// is two products with the vectors of what was had.
/// </summary>
/// <param name="items">The items.</param>
/// <param name="unobserved">α.</param>
/// <param name="regularization">λ.</param>
/// <param name="length">How many items are looked at.</param>
internal sealed class IalsExport(FactorSide items, double unobserved, double regularization, int length) : HistoryGraph(length, items.Dimension)
{
    // Error falls by a factor a step that depends on the data: on MovieLens and purchases scores are then exact to five digits.
    private const int Steps = 32;

    // Where all is found, both sides of a fraction are 0.
    private const float Least = 1e-30f;

    /// <inheritdoc/>
    protected override string Embedding(NewestItems newest)
    {
        var table = Graph.Weight("items", items.Vectors, items.Count, items.Dimension);
        var once = Once(newest);
        var chosen = Node("Mul", Node("Gather", table, newest.Rows), Unsqueeze(once, 2));
        var turned = Node("Transpose", [chosen], ("perm", new long[] { 0, 2, 1 }));
        var count = Node("ReduceSum", [once, Integers(1)], ("keepdims", 1L));
        var strength = Node("Mul", Add(count, Scalar((float)(unobserved * items.Count))), Scalar((float)regularization));
        var diagonal = Add(Graph.Weight("shared", items.Shared, 1, items.Dimension), strength);
        var residual = Node("ReduceSum", [chosen, Integers(1)], ("keepdims", 0L));
        var direction = Node("Div", residual, diagonal);
        var energy = Sum(Node("Mul", residual, direction));
        var vector = Node("Mul", direction, Scalar(0));
        for (var step = 0; step < Steps; step++)
        {
            var column = Unsqueeze(direction, 2);
            var product = Add(Node("Mul", diagonal, direction), Node("Squeeze", Node("MatMul", turned, Node("MatMul", chosen, column)), Integers(2)));
            var size = Divide(energy, Sum(Node("Mul", direction, product)));
            vector = Add(vector, Node("Mul", size, direction));
            residual = Node("Sub", residual, Node("Mul", size, product));
            var scaled = Node("Div", residual, diagonal);
            var next = Sum(Node("Mul", residual, scaled));
            direction = Add(scaled, Node("Mul", Divide(next, energy), direction));
            energy = next;
        }

        return WhereAny(newest, vector);
    }

    private string Sum(string values) => Node("ReduceSum", [values, Integers(1)], ("keepdims", 1L));

    private string Divide(string x, string y) => Node("Div", x, Node("Max", y, Scalar(Least)));
}
