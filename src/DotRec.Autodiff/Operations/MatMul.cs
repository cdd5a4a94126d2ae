using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Matrix product.</content>
public sealed partial class Tensor
{
    /// <summary>Matrix product over the last two axes: [M, K] · [K, N] = [M, N].</summary>
    /// <param name="other">Right factor. Two axes: shared by all matrices of this tensor. More: leading axes equal to this tensor's.</param>
    /// <param name="transposeLeft">True if this tensor holds [K, M].</param>
    /// <param name="transposeRight">True if <paramref name="other"/> holds [N, K].</param>
    /// <exception cref="ShapeException">The inner sizes or the leading axes differ, or a factor has less than two axes.</exception>
    public Tensor MatMul(Tensor other, bool transposeLeft = false, bool transposeRight = false) =>
        new MatMul(this, other, transposeLeft, transposeRight).Run();
}

/// <summary>C = A · B for each matrix of a batch.</summary>
internal sealed class MatMul : Operation
{
    private readonly Tensor _left;
    private readonly Tensor _right;
    private readonly bool _transposeLeft;
    private readonly bool _transposeRight;
    private readonly int _batch;
    private readonly bool _sharesRight;
    private readonly int _m;
    private readonly int _n;
    private readonly int _k;

    public MatMul(Tensor left, Tensor right, bool transposeLeft, bool transposeRight)
    {
        ArgumentNullException.ThrowIfNull(right);
        (_left, _right, _transposeLeft, _transposeRight) = (left, right, transposeLeft, transposeRight);
        var (a, b) = (left.Layout, right.Layout);
        if (a.Rank < 2 || b.Rank < 2)
        {
            throw Mismatch("both need at least two axes");
        }

        (_m, var leftInner) = transposeLeft ? (a.Span[^1], a.Span[^2]) : (a.Span[^2], a.Span[^1]);
        (var rightInner, _n) = transposeRight ? (b.Span[^1], b.Span[^2]) : (b.Span[^2], b.Span[^1]);
        if (leftInner != rightInner)
        {
            throw Mismatch($"the inner sizes must be equal, but {leftInner} meets {rightInner}");
        }

        _sharesRight = b.Rank == 2;
        if (!_sharesRight && !a.Span[..^2].SequenceEqual(b.Span[..^2]))
        {
            throw Mismatch("the leading axes must be equal, or the right factor must have two axes");
        }

        _k = leftInner;
        Span<int> sizes = stackalloc int[a.Rank];
        a.Span.CopyTo(sizes);
        (sizes[^2], sizes[^1]) = (_m, _n);
        OutputLayout = new TensorShape(sizes);

        // A shared right factor turns a batch of row-major matrices into one tall matrix.
        _batch = a.Volume == 0 && OutputLayout.Volume == 0 ? 0 : BatchOf(a);
        if (_sharesRight && !transposeLeft)
        {
            (_m, _batch) = (_m * _batch, 1);
        }
    }

    public override int InputCount => 2;

    public override Tensor Input(int index) => index == 0 ? _left : _right;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var left = trace.Of(_left);
        var right = trace.Of(_right);
        var (rows, inner) = _transposeLeft ? (_left.Rank - 1, _left.Rank - 2) : (_left.Rank - 2, _left.Rank - 1);
        var columns = _transposeRight ? _right.Rank - 2 : _right.Rank - 1;
        var batchOfLeft = left.BatchAxis == rows ? OutputLayout.Rank - 2 : left.BatchAxis == inner ? -1 : left.BatchAxis;
        var batchOfRight = !right.HasBatch ? -1 : right.BatchAxis == columns ? OutputLayout.Rank - 1 : right.BatchAxis < _right.Rank - 2 ? right.BatchAxis : -1;
        if (batchOfLeft >= 0 && batchOfRight >= 0 && batchOfLeft != batchOfRight)
        {
            throw new NotSupportedException($"MatMul: {_left.Layout} and {_right.Layout} give a product with the batch on two axes, which has no ONNX form.");
        }

        if (!_sharesRight && left.HasBatch != right.HasBatch)
        {
            throw BatchAxes.BuiltIn(Name, left.HasBatch ? _right.Layout : _left.Layout, Math.Max(left.BatchAxis, right.BatchAxis));
        }

        var product = trace.Graph.Node(
            "MatMul", [Oriented(trace, left.Name, _left.Rank, _transposeLeft), Oriented(trace, right.Name, _right.Rank, _transposeRight)]);
        return new TracedValue(product, Math.Max(batchOfLeft, batchOfRight));
    }

    protected override void Compute(Tensor result)
    {
        var output = result.Buffer.Span(result.Length);
        for (var i = 0; i < _batch; i++)
        {
            Multiply(_transposeLeft, _transposeRight, _m, _n, _k, Left(_left.Values, i), Right(_right.Values, i), Product(output, i), accumulate: false);
        }
    }

    protected override void Propagate()
    {
        if (_left.RequiresGradient)
        {
            var da = _left.GradientTarget(out var accumulate);
            for (var i = 0; i < _batch; i++)
            {
                var dc = Product(OutputGradient, i);
                var b = Right(_right.Values, i);

                // dA = dC · Bᵀ, and for a transposed A its transpose: dAᵀ = B · dCᵀ.
                if (_transposeLeft)
                {
                    Multiply(_transposeRight, true, _k, _m, _n, b, dc, Left(da, i), accumulate);
                }
                else
                {
                    Multiply(false, !_transposeRight, _m, _k, _n, dc, b, Left(da, i), accumulate);
                }
            }
        }

        if (_right.RequiresGradient)
        {
            var db = _right.GradientTarget(out var accumulate);
            for (var i = 0; i < _batch; i++)
            {
                var dc = Product(OutputGradient, i);
                var a = Left(_left.Values, i);

                // dB = Aᵀ · dC, and for a transposed B its transpose: dBᵀ = dCᵀ · A. A shared B sums over the batch.
                var adds = accumulate || (_sharesRight && i > 0);
                if (_transposeRight)
                {
                    Multiply(true, _transposeLeft, _n, _k, _m, dc, a, Right(db, i), adds);
                }
                else
                {
                    Multiply(!_transposeLeft, false, _k, _n, _m, a, dc, Right(db, i), adds);
                }
            }

            if (_batch == 0 && !accumulate)
            {
                db.Clear();
            }
        }
    }

    private static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, bool accumulate) =>
        GemmKernels.Multiply(transposeA, transposeB, m, n, k, a, transposeA ? m : k, b, transposeB ? k : n, c, n, accumulate);

    private static string Oriented(OnnxTrace trace, string name, int rank, bool isTransposed)
    {
        if (!isTransposed)
        {
            return name;
        }

        var order = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            order[i] = i;
        }

        (order[^2], order[^1]) = (order[^1], order[^2]);
        return trace.Graph.Node("Transpose", [name], ("perm", order));
    }

    private static int BatchOf(in TensorShape shape)
    {
        var batch = 1;
        foreach (var size in shape.Span[..^2])
        {
            batch *= size;
        }

        return batch;
    }

    private ReadOnlySpan<float> Left(ReadOnlySpan<float> values, int i) => values.Slice(i * _m * _k, _m * _k);

    private Span<float> Left(Span<float> values, int i) => values.Slice(i * _m * _k, _m * _k);

    private ReadOnlySpan<float> Right(ReadOnlySpan<float> values, int i) => _sharesRight ? values : values.Slice(i * _k * _n, _k * _n);

    private Span<float> Right(Span<float> values, int i) => _sharesRight ? values : values.Slice(i * _k * _n, _k * _n);

    private ReadOnlySpan<float> Product(ReadOnlySpan<float> values, int i) => values.Slice(i * _m * _n, _m * _n);

    private Span<float> Product(Span<float> values, int i) => values.Slice(i * _m * _n, _m * _n);

    private ShapeException Mismatch(string rule) =>
        new($"MatMul: {Describe(_left, _transposeLeft)} and {Describe(_right, _transposeRight)} do not fit: {rule}.");

    private static string Describe(Tensor factor, bool isTransposed) => isTransposed ? $"{factor.Layout} transposed" : factor.Layout.ToString();
}
