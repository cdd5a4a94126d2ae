namespace DotRec.Modeling;

/// <summary>
/// The leave-last-out protocol of sequential recommendation: of each query with at least three items the last is for the test, the one before it for
/// validation, and the rest for training; shorter histories only train.
/// </summary>
/// <remarks>
/// A figure of the test is either of a model that was fit on <see cref="Train"/> ("train-only", as most papers have it) or of one that was fit again, with
/// what validation chose, on <see cref="TrainAndValidation"/> ("refit"); both are asked with all items but the last.
/// </remarks>
public sealed class LeaveLastOut
{
    private const int MinLength = 3;

    /// <summary>Splits histories.</summary>
    public LeaveLastOut(Histories histories)
    {
        ArgumentNullException.ThrowIfNull(histories);
        var tested = Enumerable.Range(0, histories.Count).Where(query => histories.Of(query).Length >= MinLength).ToArray();
        (Train, TrainAndValidation) = (Without(histories, 2), Without(histories, 1));
        Validation = new NextItems(Train, tested, Array.ConvertAll(tested, query => histories.Of(query)[^2]));
        Test = new NextItems(TrainAndValidation, tested, Array.ConvertAll(tested, query => histories.Of(query)[^1]));
    }

    /// <summary>All but the last two items of each query.</summary>
    public Histories Train { get; }

    /// <summary>All but the last item of each query.</summary>
    public Histories TrainAndValidation { get; }

    /// <summary>The last item but one, asked with the training items.</summary>
    public NextItems Validation { get; }

    /// <summary>The last item, asked with all before it.</summary>
    public NextItems Test { get; }

    private static Histories Without(Histories histories, int last) => Histories.Of(histories.ItemCount, [.. Enumerable.Range(0, histories.Count).Select(query =>
        (IReadOnlyList<int>)(histories.Of(query) is { Length: >= MinLength } had ? had[..^last].ToArray() : histories.Of(query).ToArray()))]);
}
