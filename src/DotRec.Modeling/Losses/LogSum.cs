namespace DotRec.Modeling;

/// <summary>A running ln Σ exp xᵢ that neither overflows nor underflows. Empty: −∞. NaN stays NaN.</summary>
internal struct LogSum()
{
    private double _maximum = double.NegativeInfinity;
    private double _sum;

    public readonly double Value => _maximum + Math.Log(_sum);

    public void Add(double x)
    {
        if (x > _maximum)
        {
            _sum = (_sum * Math.Exp(_maximum - x)) + 1;
            _maximum = x;
        }
        else if (!double.IsNegativeInfinity(x))
        {
            _sum += Math.Exp(x - _maximum);
        }
    }

    /// <summary>With one more term, unchanged itself.</summary>
    public readonly double With(double x)
    {
        var copy = this;
        copy.Add(x);
        return copy.Value;
    }
}
