using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>How often each item id came in the training data, and what follows for the batches of a data set.</summary>
internal sealed class ItemStatistics
{
    private readonly string _idColumn;
    private readonly IdTable _ids;
    private readonly float[] _probabilities;

    /// <param name="train">Training rows.</param>
    /// <param name="idColumn">Column that identifies the item.</param>
    public ItemStatistics(FeatureBatch train, string idColumn)
    {
        _idColumn = idColumn;
        _ids = IdTable.OfData(train[idColumn]);
        var counts = new int[_ids.Count];
        foreach (var id in _ids.RowsOf(train[idColumn]))
        {
            counts[id]++;
        }

        _probabilities = Array.ConvertAll(counts, count => (float)count / train.RowCount);
    }

    /// <summary>The items of every row of a data set.</summary>
    public DataItems Of(EncodedData data, IReadOnlyList<PreprocessingLayer> itemPreprocessing)
    {
        var table = IdTable.OfData(data.Features[_idColumn]);
        var codes = table.RowsOf(data.Features[_idColumn]);
        var known = _ids.RowsOf(data.Features[_idColumn]);
        var probabilities = new float[codes.Length];
        for (var row = 0; row < codes.Length; row++)
        {
            // An item that training never met would have probability 0, whose correction is limited to this anyway.
            probabilities[row] = known[row] < 0
                ? SamplingProbabilityCorrection.SmallestProbability
                : Math.Max(_probabilities[known[row]], SamplingProbabilityCorrection.SmallestProbability);
        }

        return new DataItems(codes, table.Count, probabilities, itemPreprocessing.All(layer => IsFunctionOf(codes, table.Count, data.Encoded(layer))));
    }

    /// <summary>True when rows of one item always have the same encoded features, so that one embedding stands for all of them.</summary>
    private static bool IsFunctionOf(int[] codes, int itemCount, EncodedColumn column)
    {
        var firstRow = new int[itemCount];
        Array.Fill(firstRow, -1);
        for (var row = 0; row < codes.Length; row++)
        {
            ref var first = ref firstRow[codes[row]];
            first = first < 0 ? row : first;
            if (first != row && !AreEqual(column, first, row))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(EncodedColumn column, int x, int y)
    {
        switch (column)
        {
            case EncodedIds { IsJagged: true } ids:
                var offsets = ids.Offsets.Span;
                return ids.Values.Span[offsets[x]..offsets[x + 1]].SequenceEqual(ids.Values.Span[offsets[y]..offsets[y + 1]]);
            case EncodedIds ids:
                return ids.Values.Span[x] == ids.Values.Span[y];
            case EncodedNumbers numbers:
                var values = numbers.Values.Span;
                return values.Slice(x * numbers.Width, numbers.Width).SequenceEqual(values.Slice(y * numbers.Width, numbers.Width));
            default:
                return false;
        }
    }
}

/// <summary>The items of the rows of a data set.</summary>
/// <param name="Codes">A number a row, equal where the item ids are.</param>
/// <param name="CodeCount">Number of different items.</param>
/// <param name="Probabilities">A row: the share of its item among the training rows.</param>
/// <param name="CanBeEmbeddedOnce">True when one row's features stand for all rows of the same item.</param>
internal sealed record DataItems(int[] Codes, int CodeCount, float[] Probabilities, bool CanBeEmbeddedOnce)
{
    /// <summary>For <see cref="UniqueCandidates.Of"/>.</summary>
    public int[] Scratch { get; } = new int[CodeCount];
}
