using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>The models of the table, and what is searched for each.</summary>
internal static class SequenceCandidates
{
    /// <summary>All of them.</summary>
    public static IEnumerable<SequenceSearch> All(Histories histories) => Counted(histories).Concat(Networks(histories));

    /// <summary>Models without epochs; the linear transition is the last.</summary>
    public static IEnumerable<SequenceSearch> Counted(Histories histories)
    {
        // Dense data want stronger regularization: there a choice says less.
        var isDense = histories.Length > 100.0 * histories.ItemCount;
        double[] ridge = isDense ? [300, 700, 1500] : [20, 60, 150, 400];
        yield return new("popularity", _ => new PopularityModel());
        yield return new("item-kNN", v => new ItemKnnModel { Neighbours = (int)v[0], Shrinkage = v[1] }, ("neighbours", [50, 100, 200, 500], 2), ("shrinkage", [0, 20], 1));
        yield return new("item-kNN, decayed", v => new ItemKnnModel { Decay = v[0], Shrinkage = v[1] }, ("decay", [.6, .8, .9], 1), ("shrinkage", [0, 20], 1));
        yield return new("sequential rules", v => new SequentialRulesModel { Decay = v[0], Steps = (int)v[1] }, ("decay", [.5, .7, .85], 1), ("steps", [5, 10, 20], 1));
        double[] weights = isDense ? [.03, .1, .3] : [.003, .01, .03];
        yield return new("iALS, 64", v => new IalsModel { UnobservedWeight = v[0], Regularization = v[1] }, ("α", weights, 1), ("λ", [.001, .003, .01, .03], 1));
        yield return new("BPR, 64", v => new BprModel { LearningRate = v[0], Regularization = v[1], Rounds = (int)v[2] }, ("rate", [.02, .05, .1], 1), ("λ", [.001, .01, .03], 1), ("rounds", [20, 50, 100], 1));
        yield return new("EASE", v => new EaseModel { Regularization = v[0] }, ("λ", ridge, 1));
        yield return new("EASE, decayed", v => new EaseModel { Regularization = v[0], Decay = v[1] }, ("λ", ridge, 1), ("decay", [.6, .8, .9], 1));
        yield return new("linear transition", v => new ItemTransitionModel { Decay = v[0], Regularization = v[1] }, ("decay", [.6, .7, .8], 1), ("λ", [20, 100, 400, 1200], 1));
    }

    /// <summary>Networks of histories.</summary>
    public static IEnumerable<SequenceSearch> Networks(Histories histories)
    {
        var shape = SasRecOptions.For(histories);
        var (length, dropout) = (shape.Length, shape.Dropout);
        yield return new("SASRec", _ => new SasRec(shape));
        yield return new("GRU4Rec", _ => new Gru4Rec(new Gru4RecOptions { Length = length, Dropout = dropout }));
        yield return new("pooled, decayed mean", _ => new PooledHistory(new PooledHistoryOptions { Length = length, Dropout = dropout }));
        yield return new("pooled, attention", _ => new PooledHistory(new PooledHistoryOptions { Length = length, Dropout = dropout, Pooling = HistoryPooling.Attention }));
    }
}
