using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Softmax cross-entropy of the item that came next: against the whole catalogue, or against negatives drawn uniformly once a step and shared by all its
/// positions, one product for all of them. A negative that is a position's next item is left out there.
/// </summary>
/// <param name="table">[N, D], row-sparse: its gradient comes from both ends of the network.</param>
/// <param name="negatives">Negatives a step, fewer than N; 0 for all items.</param>
internal sealed class NextItemLoss(Tensor table, int negatives)
{
    private readonly int _itemCount = table.Shape[0];
    private readonly int[] _all = negatives == 0 ? [.. Enumerable.Range(0, table.Shape[0])] : [];

    // Column of each item among the negatives of the step, −1 for none.
    private readonly int[] _columns = Filled(negatives == 0 ? 0 : table.Shape[0]);

    /// <summary>The summed loss of positions whose states are [P, D].</summary>
    public Tensor Sum(Tensor states, int[] next, SeededRandom random) => negatives == 0 ? AgainstAll(states, next) : AgainstSample(states, next, Draw(random));

    private Tensor AgainstAll(Tensor states, int[] next)
    {
        var items = table.Gather(new Indices(_all));
        var batch = Batch(states, items) with { Positives = next };
        if (!Gradients.AreOn)
        {
            return Tensor.Precomputed((float)InBatchSoftmaxKernels.Compute(batch, default, default));
        }

        Tensor stateGradient = Tensor.Zeros(states.Shape), itemGradient = Tensor.Zeros(items.Shape);
        var loss = InBatchSoftmaxKernels.Compute(batch, stateGradient.WritableValues(), itemGradient.WritableValues());
        return Tensor.Precomputed((float)loss, (states, stateGradient), (items, itemGradient));
    }

    private Tensor AgainstSample(Tensor states, int[] next, int[] drawn)
    {
        var (items, positives) = (table.Gather(new Indices(drawn)), table.Gather(new Indices(next)));
        for (var j = 0; j < drawn.Length; j++)
        {
            _columns[drawn[j]] = j;
        }

        var leftOut = Array.ConvertAll(next, item => _columns[item]);
        foreach (var item in drawn)
        {
            _columns[item] = -1;
        }

        var batch = Batch(states, items) with { OwnPositives = positives.Values, LeftOut = leftOut };
        if (!Gradients.AreOn)
        {
            return Tensor.Precomputed((float)InBatchSoftmaxKernels.Compute(batch, default, default));
        }

        Tensor stateGradient = Tensor.Zeros(states.Shape), itemGradient = Tensor.Zeros(items.Shape), positiveGradient = Tensor.Zeros(positives.Shape);
        var loss = InBatchSoftmaxKernels.Compute(
            batch, stateGradient.WritableValues(), itemGradient.WritableValues(), positiveGradient.WritableValues());
        return Tensor.Precomputed((float)loss, (states, stateGradient), (items, itemGradient), (positives, positiveGradient));
    }

    private static InBatchSoftmaxBatch Batch(Tensor states, Tensor items) =>
        new() { Queries = states.Values, Candidates = items.Values, Dimension = states.Shape[1], InverseTemperature = 1 };

    /// <summary>The negatives of a step, each item once: so at most one column is left out of a row.</summary>
    internal int[] Draw(SeededRandom random)
    {
        var drawn = new int[negatives];
        for (var j = 0; j < drawn.Length; j++)
        {
            // Floyd's way: item number j of a sample is uniform among the last N − n + j + 1, or that bound itself where the draw is taken.
            var bound = _itemCount - drawn.Length + j;
            var item = random.NextInt(bound + 1);
            drawn[j] = _columns[item] < 0 ? item : bound;
            _columns[drawn[j]] = j;
        }

        foreach (var item in drawn)
        {
            _columns[item] = -1;
        }

        return drawn;
    }

    private static int[] Filled(int length)
    {
        var columns = new int[length];
        Array.Fill(columns, -1);
        return columns;
    }
}
