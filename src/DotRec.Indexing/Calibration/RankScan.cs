using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>One query of a <see cref="RankStudy"/>: the approximate scores of everything, partition by partition in the order of its way.</summary>
internal sealed unsafe class RankScan : IDisposable
{
    private readonly ScannSearcher _searcher;
    private readonly SearchSpace _space;
    private readonly ScannQuery _query = ScannQuery.Rent();
    private readonly HashSet<int> _excluded = [];

    // The partitions, best first, and where each is in that order.
    private readonly int[] _order;
    private readonly int[] _place;
    private readonly float[] _biases;
    private PinnedBuffer<float> _scores;

    // The entries looked for, by score, worst first: which answer each is, its partition's place, and how many better ones were seen.
    private Target[] _targets = [];
    private float[] _targetScores = [];
    private long[] _better = [];
    private int _visited;

    // The answers by the score of their projected rows, worst first, and how many better items were met; and which items were, where some are twice.
    private int[] _sieved = [];
    private float[] _sievedScores = [];
    private long[] _sievedBetter = [];
    private ulong[] _met = [];

    public RankScan(ScannSearcher searcher, SearchSpace space, ReadOnlySpan<float> vector, int[]? excludedRows)
    {
        _searcher = searcher;
        _space = space;
        _query.Begin(space, vector, -1, []);
        searcher.Route(space, _query);
        _query.Route.Take(space.Items.Codes.PartitionCount);
        var biases = _query.Route.Biases.ToArray();
        _order = _query.Route.Partitions.ToArray();
        Array.Sort(biases, _order, Comparer<float>.Create((left, right) => right.CompareTo(left)));
        _biases = biases;
        _place = new int[_order.Length];
        for (var i = 0; i < _order.Length; i++)
        {
            _place[_order[i]] = i;
        }

        foreach (var row in excludedRows ?? [])
        {
            if (row >= 0)
            {
                _excluded.Add(space.PositionOf(row));
            }
        }

        _query.Scan.Begin(space.Items, _query.Vector.Coded, 1);
    }

    /// <summary>On which partition of the way each right answer is met first.</summary>
    public int[] Places(ReadOnlySpan<int> rows)
    {
        var (places, codes) = (new int[rows.Length], _space.Items.Codes);
        for (var answer = 0; answer < rows.Length; answer++)
        {
            var position = _space.PositionOf(rows[answer]);
            places[answer] = _place[codes.PartitionOf(position)];
            if (codes.HasSpilled && codes.SpilledEntryOf(position) is var (second, _) && second >= 0)
            {
                places[answer] = Math.Min(places[answer], _place[second]);
            }
        }

        return places;
    }

    /// <summary>Finds the approximate scores of the right answers.</summary>
    public void Find(ReadOnlySpan<int> rows)
    {
        var (targets, codes) = (new List<Target>(), _space.Items.Codes);
        for (var answer = 0; answer < rows.Length; answer++)
        {
            var position = _space.PositionOf(rows[answer]);
            var partition = codes.PartitionOf(position);
            Add(partition, position - codes.Partitions[partition].FirstPosition);
            if (codes.HasSpilled && codes.SpilledEntryOf(position) is var (second, entry) && second >= 0)
            {
                Add(second, entry);
            }

            void Add(int partition, int entry)
            {
                Score(partition);
                targets.Add(new Target(answer, _place[partition], _scores.Pointer[entry]));
            }
        }

        _targets = [.. targets.OrderBy(target => target.Score)];
        _targetScores = Array.ConvertAll(_targets, target => target.Score);
        _better = new long[_targets.Length + 1];
        if (_space.Items.Refining is { } refining)
        {
            (_sieved, _sievedScores) = (new int[rows.Length], new float[rows.Length]);
            for (var answer = 0; answer < rows.Length; answer++)
            {
                _sieved[answer] = answer;
                _query.Vector.Refining.Score(refining, [_space.PositionOf(rows[answer])], _sievedScores.AsSpan(answer, 1));
            }

            Array.Sort(_sievedScores, _sieved);
            _sievedBetter = new long[rows.Length + 1];
            _met = new ulong[_space.Items.Codes.HasSpilled ? (_space.Items.Count + 63) / 64 : 0];
        }
    }

    /// <summary>What a search must reach to find each right answer: <see cref="SearchMargins"/>.</summary>
    /// <param name="rows">The right answers.</param>
    /// <param name="worst">The score of the last of them.</param>
    public (float Reach, float Score)[] Needs(ReadOnlySpan<int> rows, float worst)
    {
        Find(rows);
        var needs = new (float Reach, float Score)[rows.Length];
        Array.Fill(needs, (float.PositiveInfinity, float.PositiveInfinity));
        var (score, spread) = (_query.Vector.ToApproximate(worst), _query.Vector.ErrorUnit(_query.Scan.Spread, worst));
        foreach (var target in _targets)
        {
            var unit = _space.Items.Codes.Units[_order[target.Place]];
            var missing = score - _biases[target.Place];
            ref var need = ref needs[target.Answer];
            need.Reach = Math.Min(need.Reach, missing <= 0 ? 0 : unit > 0 ? missing / (unit * spread) : float.MaxValue);
            need.Score = Math.Min(need.Score, (score - target.Score) / spread);
        }

        return needs;
    }

    /// <summary>Scans the partition at a place of the order, each once, in order.</summary>
    public void Visit(int place)
    {
        var count = Score(_order[place]);
        _visited = place + 1;

        Tally(_scores.Span(count), _targetScores, _better);
        if (_space.Items.Refining is { } refining && _sievedScores.Length > 0)
        {
            var positions = Unmet(_order[place]);
            var scores = new float[positions.Length];
            _query.Vector.Refining.Score(refining, positions, scores);
            Tally(scores, _sievedScores, _sievedBetter);
        }
    }

    /// <summary>Items whose projected rows score better than an answer's in the partitions visited; 0 where there are none.</summary>
    public int SieveRank(int answer)
    {
        var better = 0L;
        for (var i = _sieved.Length - 1; i >= 0; i--)
        {
            better += _sievedBetter[i + 1];
            if (_sieved[i] == answer)
            {
                return (int)better;
            }
        }

        return 0;
    }

    /// <summary>Entries that score better than an answer in the partitions visited; the greatest integer where the answer was not met.</summary>
    public int Rank(int answer)
    {
        var (best, better) = ((long)int.MaxValue, 0L);
        for (var target = _targets.Length - 1; target >= 0; target--)
        {
            better += _better[target + 1];
            if (_targets[target].Answer == answer && _targets[target].Place < _visited)
            {
                best = Math.Min(best, better);
            }
        }

        return (int)best;
    }

    public void Dispose() => _query.Return();

    // better[i]: those that beat targets 0 … i − 1 and no more. Targets are sorted, worst first.
    private static void Tally(ReadOnlySpan<float> scores, float[] targets, long[] better)
    {
        foreach (var score in scores)
        {
            if (targets.Length > 0 && score > targets[0])
            {
                var at = Array.BinarySearch(targets, score);
                for (at = at < 0 ? ~at : at; at > 0 && targets[at - 1] == score; at--)
                {
                }

                better[at]++;
            }
        }
    }

    // Positions of the items of a partition that no partition before it has shown.
    private int[] Unmet(int partition)
    {
        var (place, codes) = (_space.Items.Codes.Partitions[partition], _space.Items.Codes);
        var positions = new List<int>(place.Count);
        for (var entry = 0; entry < place.Count; entry++)
        {
            var position = codes.HasSpilled ? codes.SpilledPositions[((long)place.FirstBlock * PackedLookup.BlockItems) + entry] : place.FirstPosition + entry;
            if (_excluded.Contains(position))
            {
                continue;
            }

            if (!codes.HasSpilled)
            {
                positions.Add(position);
            }
            else if ((_met[position >> 6] >> (position & 63) & 1) == 0)
            {
                _met[position >> 6] |= 1UL << (position & 63);
                positions.Add(position);
            }
        }

        return [.. positions];
    }

    private int Score(int partition)
    {
        var place = _space.Items.Codes.Partitions[partition];
        _scores.Reserve(place.Count);
        _searcher.ScoreAll(_space, _query, partition, _biases[_place[partition]], _scores.Pointer);
        if (_excluded.Count > 0)
        {
            var spilled = _space.Items.Codes.SpilledPositions;
            for (var entry = 0; entry < place.Count; entry++)
            {
                var position = spilled.Length > 0 ? spilled[((long)place.FirstBlock * PackedLookup.BlockItems) + entry] : place.FirstPosition + entry;
                _scores.Pointer[entry] = _excluded.Contains(position) ? float.NegativeInfinity : _scores.Pointer[entry];
            }
        }

        return place.Count;
    }

    private readonly record struct Target(int Answer, int Place, float Score);
}
