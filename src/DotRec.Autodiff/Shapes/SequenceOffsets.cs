namespace DotRec.Autodiff;

/// <summary>Where the sequences of a jagged batch begin: sequence s has the rows offsets[s] … offsets[s + 1] − 1.</summary>
internal static class SequenceOffsets
{
    /// <summary>The length of each sequence.</summary>
    /// <exception cref="ArgumentException">The offsets do not describe so many rows.</exception>
    public static int[] Lengths(ReadOnlySpan<int> offsets, int rows)
    {
        if (offsets.IsEmpty || offsets[0] != 0 || offsets[^1] != rows)
        {
            throw new ArgumentException($"Offsets must start at 0 and end at {rows}, the number of rows.", nameof(offsets));
        }

        var lengths = new int[offsets.Length - 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = offsets[i + 1] - offsets[i];
            if (lengths[i] < 0)
            {
                throw new ArgumentException($"Offsets fall from {offsets[i]} to {offsets[i + 1]} at sequence {i}; they must never fall.", nameof(offsets));
            }
        }

        return lengths;
    }
}
