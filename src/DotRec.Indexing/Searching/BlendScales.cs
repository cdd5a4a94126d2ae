namespace DotRec.Indexing;

/// <summary>How the scores of two indexes add up for a query.</summary>
/// <param name="First">What a score of the embeddings is multiplied by.</param>
/// <param name="Second">What a score of the lists is multiplied by.</param>
/// <param name="Offset">What is taken off the sum.</param>
internal readonly record struct BlendScales(double First, double Second, double Offset)
{
    /// <summary>The sum; beyond all numbers it is the greatest one, in either direction.</summary>
    public float Add(float first, float second) => (float)Math.Clamp((First * first) + (Second * second) - Offset, -float.MaxValue, float.MaxValue);
}
