using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>Draws the negatives of a step: items, each once, how often it was drawn, and how often that was to be expected.</summary>
internal sealed class NegativeSampler
{
    private readonly int _itemCount;
    private readonly int _count;

    // Sums of weights up to each item, for draws by popularity; null for uniform ones.
    private readonly double[]? _sums;

    // Column of each item among the negatives of the step, −1 for none.
    private readonly int[] _columns;

    /// <param name="itemCount">N.</param>
    /// <param name="count">Draws a step, fewer than N.</param>
    /// <param name="exponent">Of the popularity; 0 for uniform draws without repeats.</param>
    /// <param name="popularity">How often each item was chosen; not read where the exponent is 0.</param>
    public NegativeSampler(int itemCount, int count, double exponent, int[] popularity)
    {
        (_itemCount, _count) = (itemCount, count);
        _columns = new int[itemCount];
        Array.Fill(_columns, -1);
        if (exponent > 0)
        {
            // An item that nobody chose is drawn like one that was chosen once: it is to be told from others, too.
            var sum = 0.0;
            _sums = Array.ConvertAll(popularity, chosen => sum += Math.Pow(Math.Max(1, chosen), exponent));
        }
    }

    /// <summary>The negatives of a step.</summary>
    public Negatives Draw(SeededRandom random)
    {
        var negatives = _sums is null ? DrawUniform(random) : DrawByPopularity(_sums, random);
        foreach (var item in negatives.Items)
        {
            _columns[item] = -1;
        }

        return negatives;
    }

    /// <summary>The column of each item among negatives, −1 for none.</summary>
    public int[] ColumnsOf(int[] items, int[] negatives)
    {
        for (var j = 0; j < negatives.Length; j++)
        {
            _columns[negatives[j]] = j;
        }

        var columns = Array.ConvertAll(items, item => _columns[item]);
        foreach (var item in negatives)
        {
            _columns[item] = -1;
        }

        return columns;
    }

    private Negatives DrawUniform(SeededRandom random)
    {
        var drawn = new int[_count];
        for (var j = 0; j < drawn.Length; j++)
        {
            // Floyd's way: item number j of a sample is uniform among the last N − n + j + 1, or that bound itself where the draw is taken.
            var bound = _itemCount - drawn.Length + j;
            var item = random.NextInt(bound + 1);
            drawn[j] = _columns[item] < 0 ? item : bound;
            _columns[drawn[j]] = j;
        }

        var expected = new double[_count];
        Array.Fill(expected, (double)_count / _itemCount);
        return new Negatives(drawn, Counts: null, expected);
    }

    private Negatives DrawByPopularity(double[] sums, SeededRandom random)
    {
        List<int> items = [], counts = [];
        for (var draw = 0; draw < _count; draw++)
        {
            var at = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
            var item = Math.Min(at < 0 ? ~at : at + 1, _itemCount - 1);
            if (_columns[item] < 0)
            {
                _columns[item] = items.Count;
                items.Add(item);
                counts.Add(0);
            }

            counts[_columns[item]]++;
        }

        return new Negatives(
            [.. items], [.. counts], [.. items.Select(item => _count * (sums[item] - (item == 0 ? 0 : sums[item - 1])) / sums[^1])]);
    }
}

/// <summary>The negatives of a step.</summary>
/// <param name="Items">Different catalogue rows.</param>
/// <param name="Counts">How often each was drawn; null for once.</param>
/// <param name="Expected">How often each was to be expected.</param>
internal sealed record Negatives(int[] Items, int[]? Counts, double[] Expected);
