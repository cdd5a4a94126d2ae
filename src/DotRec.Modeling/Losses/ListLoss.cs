namespace DotRec.Modeling;

/// <summary>
/// A loss of a list: how badly the scores of the items of one query are ordered. Only differences of scores within a list matter, so scores are
/// no longer predictions of labels. Given to <see cref="Ranking"/>; there are <see cref="PairwiseHinge"/>, <see cref="PairwiseLogistic"/>,
/// <see cref="ListMle"/> and <see cref="ListSoftmax"/>, and a subclass is one of your own.
/// </summary>
/// <remarks>
/// Each of them is a sum over the examples of the list, of what is lost for not putting an example above those it should be above, and the weight of an
/// example multiplies its term. Weights that are equal within a list are thus weights of lists. A list of one example loses nothing.
/// </remarks>
public abstract class ListLoss
{
    /// <summary>The loss of one list, and its derivative by each score.</summary>
    /// <param name="scores">One an example; at least one. NaN gives NaN.</param>
    /// <param name="labels">Relevance of each example: finite, 0 or more, more is better.</param>
    /// <param name="weights">Weight of each example: finite, 0 or more.</param>
    /// <param name="slopes">Is filled with the derivatives; zeros when called.</param>
    protected internal abstract double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<double> slopes);
}
