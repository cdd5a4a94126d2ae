namespace DotRec.Features;

/// <summary>Rows of many numbers that follow from few: what a layer keeps of a data set in place of all numbers.</summary>
internal interface IRowExpansion
{
    /// <summary>Numbers kept a row.</summary>
    int ShortWidth { get; }

    /// <summary>Numbers a row.</summary>
    int Width { get; }

    /// <summary>Writes one row out.</summary>
    /// <param name="shortRow">What is kept of it.</param>
    /// <param name="row">Zeros, to be filled.</param>
    void Expand(ReadOnlySpan<float> shortRow, Span<float> row);
}
