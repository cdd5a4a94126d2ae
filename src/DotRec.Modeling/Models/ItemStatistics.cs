using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>How often each item id came in the training data, and what follows for the rows of a data set.</summary>
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
    public DataItems Of(FeatureBatch data)
    {
        var table = IdTable.OfData(data[_idColumn]);
        var known = _ids.RowsOf(data[_idColumn]);

        // An item that training never met would have probability 0, whose correction is limited to this anyway.
        return new DataItems(table.RowsOf(data[_idColumn]), table.Count, Array.ConvertAll(known, row => row < 0
            ? SamplingProbabilityCorrection.SmallestProbability
            : Math.Max(_probabilities[row], SamplingProbabilityCorrection.SmallestProbability)));
    }
}
