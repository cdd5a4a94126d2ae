namespace DotRec.Benchmarks;

/// <summary>A distribution that items and queries are drawn from.</summary>
internal interface IVectorMixture
{
    /// <summary>The next vectors, shape [count, D], independent of those before.</summary>
    float[] Next(int count);
}
