namespace DotRec.Features;

/// <summary>
/// The cuts of a regression tree over a single number (Breiman et al., 1984), grown best split first: the split that lowers the squared error of the
/// labels most comes next. For labels 0 and 1 this is the tree of Gini's impurity, which is twice their variance.
/// </summary>
internal static class TreeCuts
{
    /// <summary>Rising cuts, each between two neighbours among the numbers; none where no split is worth it.</summary>
    /// <param name="numbers">Finite numbers; sorted in place, with the labels.</param>
    /// <param name="labels">A finite label a number.</param>
    /// <param name="leaves">The most leaves, so one cut less.</param>
    /// <param name="rows">The fewest rows a leaf.</param>
    /// <param name="gain">The least a split lowers the squared error, in variances of all labels: what chance alone gives is some few.</param>
    public static double[] Of(double[] numbers, double[] labels, int leaves, int rows, double gain)
    {
        Array.Sort(numbers, labels);
        var groups = new Groups(numbers, labels);
        var worth = gain * groups.Variance;
        var queue = new PriorityQueue<Split, double>();
        Offer(groups.Best(0, groups.Count, rows));
        var cuts = new List<double>();
        while (cuts.Count < leaves - 1 && queue.TryDequeue(out var split, out _))
        {
            cuts.Add(groups.CutBefore(split.At));
            Offer(groups.Best(split.Start, split.At, rows));
            Offer(groups.Best(split.At, split.End, rows));
        }

        cuts.Sort();
        return [.. cuts];

        void Offer(Split split)
        {
            if (split.Gain > 0 && split.Gain >= worth)
            {
                queue.Enqueue(split, -split.Gain);
            }
        }
    }

    /// <summary>Groups Start … End − 1, divided before group At.</summary>
    private readonly record struct Split(int Start, int At, int End, double Gain);

    /// <summary>Equal numbers are one group: a cut cannot part them.</summary>
    private sealed class Groups
    {
        private readonly List<double> _numbers = [];

        // Rows and sums of labels, around their mean, before each group: no large sums whose difference would be lost.
        private readonly List<int> _rows = [0];
        private readonly List<double> _sums = [0];

        public Groups(double[] numbers, double[] labels)
        {
            var mean = labels.Length == 0 ? 0 : labels.Average();
            double sum = 0, squares = 0;
            for (var i = 0; i < numbers.Length; i++)
            {
                sum += labels[i] - mean;
                squares += (labels[i] - mean) * (labels[i] - mean);
                if (i + 1 == numbers.Length || numbers[i + 1] > numbers[i])
                {
                    _numbers.Add(numbers[i]);
                    _rows.Add(i + 1);
                    _sums.Add(sum);
                }
            }

            Variance = squares / Math.Max(1, numbers.Length);
        }

        public int Count => _numbers.Count;

        public double Variance { get; }

        /// <summary>Half way between two groups, so that a value near one falls with it; the upper number itself where nothing lies between.</summary>
        public double CutBefore(int group)
        {
            var middle = (_numbers[group - 1] / 2) + (_numbers[group] / 2);
            return middle > _numbers[group - 1] ? middle : _numbers[group];
        }

        public Split Best(int start, int end, int rows)
        {
            var best = new Split(start, start, end, 0);
            double all = _rows[end] - _rows[start], total = _sums[end] - _sums[start];
            for (var at = start + 1; at < end && all >= 2.0 * rows; at++)
            {
                double left = _rows[at] - _rows[start], right = all - left;
                if (left < rows || right < rows)
                {
                    continue;
                }

                // Squared error of one mean less that of two.
                var sum = _sums[at] - _sums[start];
                var distance = (sum / left) - ((total - sum) / right);
                var gain = left * right / all * distance * distance;
                best = gain > best.Gain ? best with { At = at, Gain = gain } : best;
            }

            return best;
        }
    }
}
