namespace DotRec.Autodiff.Tests.Laws;

/// <summary>The oracle's tensors: double precision, every operation written the most boring way.</summary>
internal sealed class NdArray
{
    public NdArray(double[] values, params int[] shape)
    {
        Values = values;
        Shape = shape;
    }

    public double[] Values { get; }

    public int[] Shape { get; }

    public int Rank => Shape.Length;

    public static NdArray Scalar(double value) => new([value]);

    public static NdArray Of(ReadOnlySpan<float> values, ReadOnlySpan<int> shape) => new(Array.ConvertAll(values.ToArray(), x => (double)x), shape.ToArray());

    public NdArray Map(Func<double, double> f) => new(Array.ConvertAll(Values, x => f(x)), Shape);

    /// <summary>f of two arrays, value by value, after numpy's broadcasting.</summary>
    public static NdArray Zip(NdArray x, NdArray y, Func<double, double, double> f)
    {
        var rank = Math.Max(x.Rank, y.Rank);
        var shape = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var (a, b) = (x.SizeAt(axis, rank), y.SizeAt(axis, rank));
            shape[axis] = a == 1 ? b : a;
        }

        return Fill(shape, position => f(x.Aligned(position), y.Aligned(position)));
    }

    public static NdArray Fill(int[] shape, Func<int[], double> value)
    {
        var values = new double[shape.Aggregate(1, (x, y) => x * y)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(Position(i, shape));
        }

        return new NdArray(values, shape);
    }

    public double At(params int[] position)
    {
        var index = 0;
        for (var axis = 0; axis < Rank; axis++)
        {
            index = (index * Shape[axis]) + position[axis];
        }

        return Values[index];
    }

    /// <summary>f of each lane along an axis; its result is the lane's new content.</summary>
    public NdArray Lanes(int axis, Func<double[], double[]> f)
    {
        var length = f(Lane(axis, new int[Rank])).Length;
        var shape = (int[])Shape.Clone();
        shape[axis] = length;
        return Fill(shape, position => f(Lane(axis, position))[position[axis]]);
    }

    /// <summary>One value of each lane along an axis.</summary>
    public NdArray Fold(int axis, bool keepDimension, Func<double[], double> f)
    {
        var folded = Lanes(axis, lane => [f(lane)]);
        return keepDimension ? folded : new NdArray(folded.Values, [.. Shape.Where((_, i) => i != axis)]);
    }

    public NdArray FoldAll(Func<double[], double> f) => Scalar(f(Values));

    public NdArray Reshape(params int[] shape) => new(Values, shape);

    /// <summary>Matrix product of the last two axes; a right factor of two axes is shared.</summary>
    public static NdArray MatMul(NdArray a, NdArray b, bool transposeA, bool transposeB)
    {
        int[] Orient(int[] position, int row, int column, int rank, bool transposed) =>
            [.. position[..^2].TakeLast(rank - 2), .. transposed ? new[] { column, row } : [row, column]];
        var m = transposeA ? a.Shape[^1] : a.Shape[^2];
        var k = transposeA ? a.Shape[^2] : a.Shape[^1];
        var n = transposeB ? b.Shape[^2] : b.Shape[^1];
        return Fill([.. a.Shape[..^2], m, n], position =>
        {
            double sum = 0;
            for (var i = 0; i < k; i++)
            {
                sum += a.At(Orient(position, position[^2], i, a.Rank, transposeA)) * b.At(Orient(position, i, position[^1], b.Rank, transposeB));
            }

            return sum;
        });
    }

    private static int[] Position(int index, int[] shape)
    {
        var position = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            (index, position[axis]) = Math.DivRem(index, shape[axis]);
        }

        return position;
    }

    private int SizeAt(int axis, int rank) => axis < rank - Rank ? 1 : Shape[axis - (rank - Rank)];

    private double Aligned(int[] position) =>
        At([.. position.TakeLast(Rank).Select((place, axis) => Shape[axis] == 1 ? 0 : place)]);

    private double[] Lane(int axis, int[] position)
    {
        var lane = new double[Shape[axis]];
        var place = (int[])position.Clone();
        for (var i = 0; i < lane.Length; i++)
        {
            place[axis] = i;
            lane[i] = At(place);
        }

        return lane;
    }
}
