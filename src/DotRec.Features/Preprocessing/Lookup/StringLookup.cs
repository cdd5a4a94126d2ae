using DotRec.Data;

namespace DotRec.Features;

/// <inheritdoc cref="IndexLookup{T}"/>
/// <remarks>
/// <inheritdoc cref="IndexLookup{T}" path="/remarks/node()"/>
/// Reads a column of strings or of lists of strings; strings are equal when their UTF-8 forms are (no case or accent folding).
/// </remarks>
public sealed class StringLookup : IndexLookup<string>
{
    /// <summary>A lookup that learns its vocabulary when it is adapted.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="maxTokens">The most rows to use, the OOV row included; null for no limit.</param>
    /// <param name="minimumCount">Values occurring less often are left out of the vocabulary.</param>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is below 2 or minimumCount below 1.</exception>
    public StringLookup(string column, int? maxTokens = null, int minimumCount = 1)
        : base(column, ColumnType.String, maxTokens, minimumCount)
    {
    }

    /// <summary>A lookup adapted to data.</summary>
    /// <inheritdoc cref="StringLookup(string, int?, int)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public StringLookup(string column, FeatureBatch data, int? maxTokens = null, int minimumCount = 1)
        : this(column, maxTokens, minimumCount) => Adapt(data);

    /// <summary>A lookup with a given vocabulary.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="vocabulary">Different values; the value at position i gets row i + 1.</param>
    /// <param name="isJagged">True when a row holds a list of values.</param>
    /// <exception cref="ArgumentException">The vocabulary is empty or a value repeats.</exception>
    public StringLookup(string column, IEnumerable<string> vocabulary, bool isJagged = false)
        : this(column) => Give(vocabulary, ColumnType.String, isJagged);
}
