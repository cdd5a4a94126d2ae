using System.Globalization;

namespace DotRec.Tutorials;

/// <summary>Checks what a tutorial shows beside its numbers.</summary>
internal static class Claims
{
    /// <exception cref="ClaimFailedException">The claim is not so; the message has both figures.</exception>
    public static void Holds(bool holds, string claim, Result one, Result other) =>
        Holds(holds, $"{claim} ({one.Model}: {one.Metric}; {other.Model}: {other.Metric})", one.Mean, other.Mean);

    /// <inheritdoc cref="Holds(bool, string, Result, Result)"/>
    public static void Holds(bool holds, string claim, double one, double other)
    {
        if (!holds)
        {
            throw new ClaimFailedException(string.Create(CultureInfo.InvariantCulture, $"It is not so that {claim}: {one:0.0000} against {other:0.0000}."));
        }
    }
}
