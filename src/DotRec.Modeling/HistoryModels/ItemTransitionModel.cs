using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The linear item transition: ridge regression from the decayed history of every position, s(t) = Σ decay^(t−a)·e(item a), to the item that came next,
/// B = (G + λI)⁻¹·Z with G = Σ s(t)·s(t)ᵀ and Z = Σ s(t)·e(next)ᵀ, in closed form. The autoregressive form of SLIST (Choi et al., "Session-aware linear
/// item-item models", 2021).
/// </summary>
/// <remarks>Near the published figures of attention networks where items come in order, in seconds; repeated items count each time.</remarks>
public sealed class ItemTransitionModel : DenseItemModel
{
    /// <summary>A model of a decay of .75.</summary>
    public ItemTransitionModel() => Decay = 0.75;

    /// <inheritdoc/>
    private protected override LinearSystem Prepare(Histories histories) => new System(histories, Decay, HistoryLength);

    private sealed class System : LinearSystem
    {
        private const int Range = 16;

        // Beyond so many steps nothing is left of a decay of .99; without decay, of a source that was long ago.
        private const int MostSteps = 500;
        private readonly Histories _histories;
        private readonly ItemPlaces _places;
        private readonly int _steps;
        private readonly double[] _powers;
        private readonly double[] _rests;

        public System(Histories histories, double decay, int length)
        {
            _histories = histories;
            _places = new ItemPlaces(histories);
            _steps = Math.Min(MostSteps, length);
            _powers = [.. Enumerable.Range(0, _steps + 1).Select(step => Math.Pow(decay, step))];

            // Σ decay^2i over the sources that are still to come after a pair of items.
            _rests = new double[_steps + 1];
            for (var rest = 1; rest <= _steps; rest++)
            {
                _rests[rest] = _rests[rest - 1] + Math.Pow(decay, 2 * (rest - 1));
            }
        }

        // G[a, b] = Σ over places of a and b in one history, d apart, of decay^d · Σ decay^2i over the sources from the later one on that look back to both. The
        // last place has no item after it and is no source. Σ vvᵀ over what sources look back to: no other count of sources leaves G positive.
        public override void FillGram(float[] gram)
        {
            var count = _histories.ItemCount;
            Parallelism.ForRanges(count, Range, (from, to) =>
            {
                var sums = new double[count];
                for (var item = from; item < to; item++)
                {
                    Array.Clear(sums);
                    var own = _places.Of(item);
                    var queries = _places.QueriesOf(item);
                    for (var i = 0; i < own.Length; i++)
                    {
                        var (start, end) = (_histories.Offsets[queries[i]], _histories.Offsets[queries[i] + 1] - 1);
                        for (var place = Math.Max(start, own[i] - _steps + 1); place < end && place < own[i] + _steps; place++)
                        {
                            if (own[i] < end)
                            {
                                var apart = Math.Abs(place - own[i]);
                                var rest = Math.Min(_steps - apart, end - Math.Max(place, own[i]));
                                sums[_histories.Items[place]] += _powers[apart] * _rests[rest];
                            }
                        }
                    }

                    var row = gram.AsSpan(item * count, count);
                    for (var other = 0; other < count; other++)
                    {
                        row[other] = (float)sums[other];
                    }
                }
            });
        }

        // Z[a, b] = Σ decay^(d − 1) over b coming d places after a: by b, of which the columns are.
        public override int FillRightSides(Span<float> columns, int first, int width)
        {
            for (var i = 0; i < width; i++)
            {
                var own = _places.Of(first + i);
                var queries = _places.QueriesOf(first + i);
                for (var at = 0; at < own.Length; at++)
                {
                    var start = Math.Max(_histories.Offsets[queries[at]], own[at] - _steps);
                    for (var place = start; place < own[at]; place++)
                    {
                        columns[(_histories.Items[place] * width) + i] += (float)_powers[own[at] - place - 1];
                    }
                }
            }

            return 0;
        }
    }
}
