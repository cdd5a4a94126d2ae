namespace DotRec.Data;

/// <summary>A point in time, to the nanosecond.</summary>
/// <param name="Seconds">Whole seconds since 1970 in UTC.</param>
/// <param name="Nanoseconds">What is beyond them, 0 to 999,999,999.</param>
internal readonly record struct Moment(long Seconds, int Nanoseconds)
{
    /// <summary>Seconds since 1970 as a float64, exact to about a quarter of a microsecond.</summary>
    public double ToDouble() => Seconds + (Nanoseconds / 1e9);
}
