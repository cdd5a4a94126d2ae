using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// One fit of a <see cref="BprModel"/> under way. A step takes queries of some thousand choices together: first the slopes of all their choices, from vectors
/// that nobody changes meanwhile, then the additions, each item's in the order of the choices.
/// </summary>
internal sealed class BprRun
{
    // So many that handing work to threads pays, and so few that a popular item does not go far by vectors of before the step.
    private const int ChoicesPerStep = 2048;
    private const int PartsPerStep = 8;
    private const int ItemRanges = 8;
    private const int Ahead = 6;

    // A longer history pulls its own items' input vectors as one of so many choices does: its pulls all go the same way.
    private const int MostPulls = 64;
    private const int MostDraws = 10;
    private const double FirstDeviation = 0.05;

    private readonly Histories _histories;
    private readonly int _dimension;
    private readonly float _rate;
    private readonly float _shrink;
    private readonly SeededRandom _random;
    private readonly float[] _inputs;
    private readonly float[] _items;
    private readonly float[] _biases;
    private readonly int[] _queries;

    // Of the step: by choice, what is added to the input vector of its item, and to the vector of its item (and taken from that of the other one).
    private float[] _pulls = [];
    private float[] _pushes = [];
    private int[] _chosen = [];
    private int[] _others = [];
    private float[] _slopes = [];

    // By query of the step, the sum of its pulls; and where that of each choice's query begins.
    private float[] _sums = [];
    private int[] _sumStarts = [];

    public BprRun(Histories histories, int dimension, float rate, float regularization, ulong seed)
    {
        (_histories, _dimension, _rate) = (histories, dimension, rate);
        _shrink = 1 - (rate * regularization);
        _random = new SeededRandom(seed);
        (_inputs, _items) = (First(0), First(1));
        _biases = new float[histories.ItemCount];
        _queries = [.. Enumerable.Range(0, histories.Count).Where(query => histories.Of(query).Length > 0 && histories.Of(query).Length < histories.ItemCount)];
    }

    /// <summary>Every choice once, queries in another order each time.</summary>
    public void RunRound(int round, CancellationToken cancellationToken)
    {
        var random = _random.Stream((ulong)round + 2);
        random.Shuffle(_queries.AsSpan());
        var (first, choices) = (0, 0);
        for (var i = 0; i < _queries.Length; i++)
        {
            choices += _histories.Of(_queries[i]).Length;
            if (choices >= ChoicesPerStep || i + 1 == _queries.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step(_queries.AsSpan(first..(i + 1)).ToArray(), choices, random.Stream((ulong)i));
                (first, choices) = (i + 1, 0);
            }
        }
    }

    /// <summary>The input vectors, [N, D], and the items' vectors with their biases, [N, D + 1].</summary>
    public (float[] Inputs, float[] Items) Finish()
    {
        var items = new float[checked(_biases.Length * (_dimension + 1))];
        for (var item = 0; item < _biases.Length; item++)
        {
            _items.AsSpan(item * _dimension, _dimension).CopyTo(items.AsSpan(item * (_dimension + 1)));
            items[(item * (_dimension + 1)) + _dimension] = _biases[item];
        }

        return (_inputs, items);
    }

    private float[] First(ulong stream)
    {
        var random = _random.Stream(stream);
        var values = new float[checked(_histories.ItemCount * _dimension)];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(FirstDeviation * random.NextNormal());
        }

        return values;
    }

    private void Step(int[] queries, int choices, SeededRandom random)
    {
        if (_chosen.Length < choices)
        {
            (_chosen, _others, _sumStarts, _slopes) = (new int[choices], new int[choices], new int[choices], new float[choices]);
            (_pulls, _pushes) = (new float[choices * _dimension], new float[choices * _dimension]);
        }

        if (_sums.Length < queries.Length * _dimension)
        {
            _sums = new float[queries.Length * _dimension];
        }

        // Parts of about as many choices, cut by the lengths alone.
        var starts = new int[queries.Length + 1];
        for (var i = 0; i < queries.Length; i++)
        {
            starts[i + 1] = starts[i] + _histories.Of(queries[i]).Length;
            _sumStarts.AsSpan(starts[i]..starts[i + 1]).Fill(i * _dimension);
        }

        Parallelism.For(PartsPerStep, part =>
        {
            var own = random.Stream((ulong)part);
            var sum = new float[_dimension];
            for (var i = 0; i < queries.Length; i++)
            {
                if (starts[i] * (long)PartsPerStep / choices == part)
                {
                    Differentiate(queries[i], starts[i], i * _dimension, own, sum);
                }
            }
        });
        var entries = Sort(choices);
        Parallelism.For(ItemRanges, range => Add(entries.Order, entries.Ends[range], entries.Ends[range + 1], choices));
    }

    // The slopes of a query's choices.
    private void Differentiate(int query, int start, int sumStart, SeededRandom random, Span<float> sum)
    {
        var d = _dimension;
        var history = _histories.Of(query);
        var pull = _sums.AsSpan(sumStart, d);
        sum.Clear();
        pull.Clear();
        for (var i = 0; i < history.Length; i++)
        {
            // The other items are drawn first, so that their vectors are on their way while others are added up.
            var (item, other) = (history[i], Draw(history, random));
            (_chosen[start + i], _others[start + i]) = (item, other);
            BprVectors.Fetch(_items.AsSpan(item * d, d));
            BprVectors.Fetch(_items.AsSpan(other * d, d));
            BprVectors.Add(_inputs.AsSpan(item * d, d), sum);
        }

        var scale = history.Length > 1 ? 1 / MathF.Sqrt(history.Length - 1) : 0;
        var slowed = _rate * Math.Min(1, (float)MostPulls / history.Length);
        for (var i = 0; i < history.Length; i++)
        {
            var (item, other) = (history[i], _others[start + i]);
            var push = _pushes.AsSpan((start + i) * d, d);
            var own = _pulls.AsSpan((start + i) * d, d);
            var product = BprVectors.Differences(sum, _inputs.AsSpan(item * d, d), _items.AsSpan(item * d, d), _items.AsSpan(other * d, d), push, own);
            var slope = 1 / (1 + MathF.Exp((scale * product) + _biases[item] - _biases[other]));
            BprVectors.Scale(push, _rate * slope * scale, own, slowed * slope * scale, pull);
            _slopes[start + i] = _rate * slope;
        }
    }

    // An item that the query does not have, or, where it has nearly all, one of the last that were drawn.
    private int Draw(ReadOnlySpan<int> history, SeededRandom random)
    {
        var item = random.NextInt(_biases.Length);
        for (var draw = 1; draw < MostDraws && history.BinarySearch(item) >= 0; draw++)
        {
            item = random.NextInt(_biases.Length);
        }

        return item;
    }

    // The choices of the step by the range of their item, then by that of the other item: 2·choices entries, in the order of the choices within a range.
    private (int[] Order, int[] Ends) Sort(int choices)
    {
        var ends = new int[ItemRanges + 1];
        for (var i = 0; i < choices; i++)
        {
            ends[(_chosen[i] % ItemRanges) + 1]++;
            ends[(_others[i] % ItemRanges) + 1]++;
        }

        for (var range = 0; range < ItemRanges; range++)
        {
            ends[range + 1] += ends[range];
        }

        var order = new int[2 * choices];
        var next = ends.AsSpan(0, ItemRanges).ToArray();
        for (var i = 0; i < choices; i++)
        {
            order[next[_chosen[i] % ItemRanges]++] = i;
            order[next[_others[i] % ItemRanges]++] = choices + i;
        }

        return (order, ends);
    }

    private void Add(int[] order, int start, int end, int choices)
    {
        var d = _dimension;
        for (var place = start; place < end; place++)
        {
            if (place + Ahead < end)
            {
                Fetch(order[place + Ahead], choices);
            }

            var isOther = order[place] >= choices;
            var choice = isOther ? order[place] - choices : order[place];
            var item = isOther ? _others[choice] : _chosen[choice];
            var slope = isOther ? -_slopes[choice] : _slopes[choice];
            BprVectors.ShrinkAndAdd(_items.AsSpan(item * d, d), _shrink, _pushes.AsSpan(choice * d, d), isOther ? -1 : 1);
            _biases[item] = (_biases[item] * _shrink) + slope;
            if (!isOther)
            {
                // A choice's own input vector was no part of its query.
                BprVectors.ShrinkAndAdd(_inputs.AsSpan(item * d, d), _shrink, _sums.AsSpan(_sumStarts[choice], d), _pulls.AsSpan(choice * d, d));
            }
        }
    }

    private void Fetch(int entry, int choices)
    {
        var isOther = entry >= choices;
        var choice = isOther ? entry - choices : entry;
        var item = isOther ? _others[choice] : _chosen[choice];
        BprVectors.Fetch(_items.AsSpan(item * _dimension, _dimension));
        BprVectors.Fetch(_pushes.AsSpan(choice * _dimension, _dimension));
        if (!isOther)
        {
            BprVectors.Fetch(_inputs.AsSpan(item * _dimension, _dimension));
        }
    }
}
