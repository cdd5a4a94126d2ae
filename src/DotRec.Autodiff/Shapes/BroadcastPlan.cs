namespace DotRec.Autodiff;

/// <summary>
/// How two shapes broadcast, reduced to as few axes as possible: neighbouring axes that behave alike are merged, so the innermost run is
/// long and each operand is along it either contiguous (step 1) or one repeated value (step 0).
/// </summary>
internal readonly struct BroadcastPlan
{
    private readonly TensorShape _sizes;
    private readonly TensorShape _leftSteps;
    private readonly TensorShape _rightSteps;

    public BroadcastPlan(in TensorShape left, in TensorShape right, in TensorShape output)
    {
        Span<int> sizes = stackalloc int[TensorShape.MaximumRank];
        Span<int> leftSteps = stackalloc int[TensorShape.MaximumRank];
        Span<int> rightSteps = stackalloc int[TensorShape.MaximumRank];
        var axes = 0;
        int leftStep = 1, rightStep = 1;
        for (var i = 1; i <= output.Rank; i++)
        {
            var size = output[output.Rank - i];
            var x = i <= left.Rank ? left[left.Rank - i] : 1;
            var y = i <= right.Rank ? right[right.Rank - i] : 1;
            if (size == 1)
            {
                continue;
            }

            var stepOfLeft = x == 1 ? 0 : leftStep;
            var stepOfRight = y == 1 ? 0 : rightStep;
            leftStep *= x;
            rightStep *= y;
            if (axes > 0 && stepOfLeft == leftSteps[axes - 1] * sizes[axes - 1] && stepOfRight == rightSteps[axes - 1] * sizes[axes - 1])
            {
                sizes[axes - 1] *= size;
                continue;
            }

            sizes[axes] = size;
            leftSteps[axes] = stepOfLeft;
            rightSteps[axes] = stepOfRight;
            axes++;
        }

        // Innermost first, as found; a scalar is one run of length 1.
        if (axes == 0)
        {
            sizes[0] = output.Volume;
            leftSteps[0] = rightSteps[0] = 1;
            axes = 1;
        }

        _sizes = new TensorShape(sizes[..axes]);
        _leftSteps = new TensorShape(leftSteps[..axes]);
        _rightSteps = new TensorShape(rightSteps[..axes]);
        RunCount = output.Volume == 0 ? 0 : output.Volume / sizes[0];
    }

    /// <summary>Length of the innermost run.</summary>
    public int RunLength => _sizes[0];

    /// <summary>Number of innermost runs.</summary>
    public int RunCount { get; }

    /// <summary>Step of the left operand along a run: 1, or 0 when one value is repeated.</summary>
    public int LeftStep => _leftSteps[0];

    /// <summary>Step of the right operand along a run.</summary>
    public int RightStep => _rightSteps[0];

    /// <summary>Where run number <paramref name="run"/> starts in each operand.</summary>
    public (int Left, int Right) Start(int run)
    {
        int left = 0, right = 0;
        for (var axis = 1; axis < _sizes.Rank; axis++)
        {
            (run, var position) = Math.DivRem(run, _sizes[axis]);
            left += position * _leftSteps[axis];
            right += position * _rightSteps[axis];
        }

        return (left, right);
    }
}
