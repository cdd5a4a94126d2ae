using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>How often values came in the data a model was trained on: kept by the model, counted for the columns that its loss asks for.</summary>
internal sealed class TrainingCounts
{
    private readonly Dictionary<string, ItemStatistics> _items = new(StringComparer.Ordinal);
    private FeatureBatch? _data;

    /// <summary>Forgets what was counted and counts in other data from now on.</summary>
    public void Reset(FeatureBatch data)
    {
        _data = data;
        _items.Clear();
    }

    /// <summary>Lets go of the rows; what was counted stays.</summary>
    public void Release() => _data = null;

    /// <summary>The items of the training data; null when no data was given or kept to count them in.</summary>
    public ItemStatistics? ItemsOf(string column)
    {
        if (!_items.TryGetValue(column, out var statistics) && _data is not null)
        {
            statistics = new ItemStatistics(_data, column);
            _items.Add(column, statistics);
        }

        return statistics;
    }
}
