namespace DotRec.Modeling;

/// <summary>How a <see cref="PooledHistory"/> makes one vector of a history.</summary>
public enum HistoryPooling
{
    /// <summary>The mean of the items: their order does not matter (Covington et al., 2016, "Deep Neural Networks for YouTube Recommendations").</summary>
    Mean,

    /// <summary>The mean in which an item counts a factor less for each step that it is older, <see cref="PooledHistoryOptions.Decay"/>. The default.</summary>
    DecayedMean,

    /// <summary>A mean by attention, whose weights the newest item decides (Liu et al., 2018, "STAMP: Short-Term Attention/Memory Priority Model").</summary>
    Attention,
}
