namespace DotRec.Modeling;

/// <summary>The equations of a linear model, (G + λI)·X = Z, some right sides at a time.</summary>
internal abstract class LinearSystem
{
    /// <summary>Fills G, [n, n]; at least its lower half.</summary>
    public abstract void FillGram(float[] gram);

    /// <summary>Fills columns first … first + width − 1 of Z, which are zeros before, [n, width].</summary>
    /// <returns>The first row that is not 0 everywhere, or one before it.</returns>
    public abstract int FillRightSides(Span<float> columns, int first, int width);

    /// <summary>Makes weights of solutions, in place.</summary>
    public virtual void Finish(Span<float> columns, int first, int width)
    {
    }
}
