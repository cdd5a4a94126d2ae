using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The loss of the item that came next: against the whole catalogue, or against negatives drawn once a step and shared by all its positions, one product for all
/// of them. A negative that is a position's next item is left out there.
/// </summary>
internal sealed class NextItemLoss
{
    private readonly ItemEmbedding _items;
    private readonly HistoryNetworkOptions _options;
    private readonly NegativeSampler? _sampler;

    /// <param name="items">What states are compared with.</param>
    /// <param name="options">Kind of loss, and how negatives are drawn.</param>
    /// <param name="popularity">How often each item was chosen.</param>
    public NextItemLoss(ItemEmbedding items, HistoryNetworkOptions options, int[] popularity)
    {
        (_items, _options) = (items, options);
        var negatives = options.NegativesOf(items.ItemCount);
        _sampler = negatives == 0 ? null : new NegativeSampler(items.ItemCount, negatives, options.NegativePopularity, popularity);
    }

    /// <summary>The summed loss of positions whose states are [P, D].</summary>
    public Tensor Sum(Tensor states, int[] next, SeededRandom random)
    {
        var negatives = _sampler?.Draw(random);
        return _options.Loss == NextItemLossKind.GeneralizedBinaryCrossEntropy ? BinaryCrossEntropy(states, next, negatives)
            : negatives is null ? AgainstAll(states, next) : AgainstSample(states, next, negatives);
    }

    /// <summary>β of gBCE, where k items are told from one of N.</summary>
    internal double Exponent(int negatives)
    {
        var share = Math.Min(1, negatives / Math.Max(1.0, _items.ItemCount - 1));
        return share * ((_options.Calibration * (1 - (1 / share))) + (1 / share));
    }

    private Tensor AgainstAll(Tensor states, int[] next)
    {
        var items = _items.OfAll();
        var batch = Batch(states, items) with { Positives = next };
        if (!Gradients.AreOn)
        {
            return Tensor.Precomputed((float)InBatchSoftmaxKernels.Compute(batch, default, default));
        }

        Tensor stateGradient = Tensor.Zeros(states.Shape), itemGradient = Tensor.Zeros(items.Shape);
        var loss = InBatchSoftmaxKernels.Compute(batch, stateGradient.WritableValues(), itemGradient.WritableValues());
        return Tensor.Precomputed((float)loss, (states, stateGradient), (items, itemGradient));
    }

    private Tensor AgainstSample(Tensor states, int[] next, Negatives negatives)
    {
        var (items, positives) = (_items.Of(negatives.Items), _items.Of(next));
        var batch = Batch(states, items) with
        {
            OwnPositives = positives.Values,
            LeftOut = _sampler!.ColumnsOf(next, negatives.Items),
            ColumnBias = Biases(negatives),
        };
        if (!Gradients.AreOn)
        {
            return Tensor.Precomputed((float)InBatchSoftmaxKernels.Compute(batch, default, default));
        }

        Tensor stateGradient = Tensor.Zeros(states.Shape), itemGradient = Tensor.Zeros(items.Shape), positiveGradient = Tensor.Zeros(positives.Shape);
        var loss = InBatchSoftmaxKernels.Compute(
            batch, stateGradient.WritableValues(), itemGradient.WritableValues(), positiveGradient.WritableValues());
        return Tensor.Precomputed((float)loss, (states, stateGradient), (items, itemGradient), (positives, positiveGradient));
    }

    private Tensor BinaryCrossEntropy(Tensor states, int[] next, Negatives? negatives)
    {
        var items = negatives is null ? _items.OfAll() : _items.Of(negatives.Items);
        var positives = _items.Of(next);
        var count = negatives is null ? _items.ItemCount - 1 : _options.NegativesOf(_items.ItemCount);
        var batch = new SharedNegativesBce(
            states.Values.ToArray(), items.Values.ToArray(), positives.Values.ToArray(), states.Shape[1], negatives is null ? next : _sampler!.ColumnsOf(next, negatives.Items),
            negatives?.Counts, Exponent(count), 1.0 / (count + 1));
        Tensor stateGradient = Tensor.Zeros(states.Shape), itemGradient = Tensor.Zeros(items.Shape), positiveGradient = Tensor.Zeros(positives.Shape);
        var loss = batch.Compute(stateGradient.WritableValues(), itemGradient.WritableValues(), positiveGradient.WritableValues());
        return Tensor.Precomputed((float)loss, (states, stateGradient), (items, itemGradient), (positives, positiveGradient));
    }

    // Drawn twice, an item counts twice; expected twice, its exponential counts half.
    private float[] Biases(Negatives negatives) => negatives.Counts is null && !_options.LogQCorrection ? [] : [.. negatives.Expected.Select((expected, j) =>
        (float)(Math.Log(negatives.Counts?[j] ?? 1) - (_options.LogQCorrection ? Math.Log(expected) : 0)))];

    private static InBatchSoftmaxBatch Batch(Tensor states, Tensor items) =>
        new() { Queries = states.Values, Candidates = items.Values, Dimension = states.Shape[1], InverseTemperature = 1 };
}
