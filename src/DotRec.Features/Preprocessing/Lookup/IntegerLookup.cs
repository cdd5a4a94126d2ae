using DotRec.Data;

namespace DotRec.Features;

/// <inheritdoc cref="IndexLookup{T}"/>
/// <remarks>
/// <inheritdoc cref="IndexLookup{T}" path="/remarks/node()"/>
/// Reads a column of 64-bit integers or of lists of them.
/// </remarks>
public sealed class IntegerLookup : IndexLookup<long>
{
    /// <summary>A lookup that learns its vocabulary when it is adapted.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="maxTokens">The most rows to use, the OOV row included; null for no limit.</param>
    /// <param name="minimumCount">Values occurring less often are left out of the vocabulary.</param>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is below 2 or minimumCount below 1.</exception>
    public IntegerLookup(string column, int? maxTokens = null, int minimumCount = 1)
        : base(column, ColumnType.Int64, maxTokens, minimumCount)
    {
    }

    /// <summary>A lookup adapted to data.</summary>
    /// <inheritdoc cref="IntegerLookup(string, int?, int)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public IntegerLookup(string column, FeatureBatch data, int? maxTokens = null, int minimumCount = 1)
        : this(column, maxTokens, minimumCount) => Adapt(data);

    /// <summary>A lookup with a given vocabulary.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="vocabulary">Different values; the value at position i gets row i + 1.</param>
    /// <param name="isJagged">True when a row holds a list of values.</param>
    /// <exception cref="ArgumentException">The vocabulary is empty or a value repeats.</exception>
    public IntegerLookup(string column, IEnumerable<long> vocabulary, bool isJagged = false)
        : this(column) => Give(vocabulary, ColumnType.Int64, isJagged);
}
