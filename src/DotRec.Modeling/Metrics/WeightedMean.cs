namespace DotRec.Modeling;

/// <summary>A mean under way; NaN is left out.</summary>
internal struct WeightedMean
{
    private double _sum;
    private double _weight;

    /// <summary>NaN while there is nothing of positive weight.</summary>
    public readonly double Value => _weight > 0 ? _sum / _weight : double.NaN;

    public void Add(double value, double weight)
    {
        if (!double.IsNaN(value))
        {
            _sum += weight * value;
            _weight += weight;
        }
    }
}
