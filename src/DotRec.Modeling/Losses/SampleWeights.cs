namespace DotRec.Modeling;

/// <summary>Weights of examples: the loss of an example is multiplied by its weight. None given means 1 each.</summary>
internal static class SampleWeights
{
    /// <exception cref="ArgumentException">Their number is another, or one is negative or not finite.</exception>
    public static void Check(ReadOnlySpan<float> weights, int count, string of)
    {
        if (!weights.IsEmpty && weights.Length != count)
        {
            throw new ArgumentException($"There are {weights.Length} sample weights for {count} {of}. Give one each.");
        }

        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || !float.IsFinite(weights[i]))
            {
                throw new ArgumentException($"The sample weight of row {i} is {weights[i]}; weights are finite and not negative.");
            }
        }
    }
}
