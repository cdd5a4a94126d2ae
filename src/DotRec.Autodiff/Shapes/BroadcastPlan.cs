namespace DotRec.Autodiff;

/// <summary>
/// How up to three shapes broadcast, reduced to as few axes as possible: neighbouring axes that behave alike are merged, so the innermost
/// run is long and each operand is along it either contiguous (step 1) or one repeated value (step 0).
/// </summary>
internal readonly struct BroadcastPlan
{
    // Innermost axis first.
    private readonly TensorShape _sizes;
    private readonly TensorShape _stepsX;
    private readonly TensorShape _stepsY;
    private readonly TensorShape _stepsZ;

    public BroadcastPlan(in TensorShape x, in TensorShape y, in TensorShape output)
        : this(x, y, output, output)
    {
    }

    public BroadcastPlan(in TensorShape x, in TensorShape y, in TensorShape z, in TensorShape output)
    {
        Span<int> sizes = stackalloc int[TensorShape.MaximumRank];
        Span<int> stepsX = stackalloc int[TensorShape.MaximumRank];
        Span<int> stepsY = stackalloc int[TensorShape.MaximumRank];
        Span<int> stepsZ = stackalloc int[TensorShape.MaximumRank];
        int nextX = 1, nextY = 1, nextZ = 1;
        var axes = 0;
        for (var i = 1; i <= output.Rank; i++)
        {
            var size = output[output.Rank - i];
            if (size == 1)
            {
                continue;
            }

            var stepX = Step(x, i, ref nextX);
            var stepY = Step(y, i, ref nextY);
            var stepZ = Step(z, i, ref nextZ);
            var last = axes - 1;
            if (axes > 0 && stepX == stepsX[last] * sizes[last] && stepY == stepsY[last] * sizes[last] && stepZ == stepsZ[last] * sizes[last])
            {
                sizes[last] *= size;
                continue;
            }

            (sizes[axes], stepsX[axes], stepsY[axes], stepsZ[axes]) = (size, stepX, stepY, stepZ);
            axes++;
        }

        if (axes == 0)
        {
            (sizes[0], stepsX[0], stepsY[0], stepsZ[0]) = (1, 1, 1, 1);
            axes = 1;
        }

        _sizes = new TensorShape(sizes[..axes]);
        _stepsX = new TensorShape(stepsX[..axes]);
        _stepsY = new TensorShape(stepsY[..axes]);
        _stepsZ = new TensorShape(stepsZ[..axes]);
        UnitCount = sizes[axes - 1];
        ValuesPerUnit = UnitCount == 0 ? 0 : output.Volume / UnitCount;
    }

    /// <summary>Size of the outermost axis: the units that work is split into.</summary>
    public int UnitCount { get; }

    /// <summary>Values of the result in one unit.</summary>
    public int ValuesPerUnit { get; }

    /// <summary>Step of the three operands along the innermost axis: 1, or 0 where one value is repeated.</summary>
    public (int X, int Y, int Z) InnerStep => (_stepsX[0], _stepsY[0], _stepsZ[0]);

    /// <summary>Step along the outermost axis; 0 means that every unit reads, and in a gradient adds to, the same values.</summary>
    public (int X, int Y, int Z) OuterStep => (_stepsX[_sizes.Rank - 1], _stepsY[_sizes.Rank - 1], _stepsZ[_sizes.Rank - 1]);

    /// <summary>The run that the result's value number <paramref name="index"/> lies in, from there on.</summary>
    public (int Length, int X, int Y, int Z) RunFrom(int index)
    {
        int x = 0, y = 0, z = 0, length = 0;
        for (var axis = 0; axis < _sizes.Rank; axis++)
        {
            (index, var position) = Math.DivRem(index, _sizes[axis]);
            length = axis == 0 ? _sizes[0] - position : length;
            x += position * _stepsX[axis];
            y += position * _stepsY[axis];
            z += position * _stepsZ[axis];
        }

        return (length, x, y, z);
    }

    private static int Step(in TensorShape shape, int fromEnd, ref int next)
    {
        var size = fromEnd <= shape.Rank ? shape[shape.Rank - fromEnd] : 1;
        var step = size == 1 ? 0 : next;
        next *= size;
        return step;
    }
}
