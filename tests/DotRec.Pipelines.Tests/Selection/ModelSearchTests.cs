namespace DotRec.Pipelines.Tests;

public sealed class ModelSearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_best_is_chosen_where_it_is_better_by_more_than_noise()
    {
        var search = new ModelSearch<int>("ndcg@10", lessIsBetter: false);
        search.Add("simple", _ => Trial(1, i => i % 2));
        search.Add("better", _ => Trial(2, i => (i % 2) + 0.1));

        var (selection, chosen) = search.Run(new PipelineNotes(null), Token);

        Assert.Equal((2, "better"), (chosen, selection.Chosen.Name));
        Assert.Equal("better has the best ndcg@10 on the validation rows, 0.6000 ± 0.0985.", selection.Reason);
        Assert.Equal(0.1, selection.Candidates[0].Behind!.Value, 1e-9);
        Assert.Equal((100, 0.0), (selection.ValidationRowCount, selection.Chosen.Behind));
    }

    [Fact]
    public void Of_those_within_the_noise_the_simplest_is_chosen_by_differences_of_rows()
    {
        var search = new ModelSearch<int>("log loss", lessIsBetter: true);
        search.Add("poor", _ => Trial(0, _ => 3));
        search.Add("simple", _ => Trial(1, i => 1 + (i % 2 * 0.3)));
        search.Add("other", _ => Trial(2, i => 1.29 - (i % 2 * 0.3)));

        var (selection, chosen) = search.Run(new PipelineNotes(null), Token);

        Assert.Equal((1, "simple"), (chosen, selection.Chosen.Name));
        Assert.StartsWith("simple is chosen: other is better by 0.0100 ± ", selection.Reason, StringComparison.Ordinal);
        Assert.True(selection.LessIsBetter);
    }

    [Fact]
    public void What_fails_or_takes_too_long_is_told_and_left_out()
    {
        var clock = new ManualClock();
        var search = new ModelSearch<int>("ndcg@10", lessIsBetter: false) { Budget = TimeSpan.FromSeconds(100), Clock = clock };
        search.Add("first", _ => Trial(1, _ => 0.5));
        search.Add("impossible", _ => throw new ArgumentException("Too many items."));
        search.Add("diverges", _ => throw new ArithmeticException("NaN"));
        search.Add("slow", token =>
        {
            clock.Pass(TimeSpan.FromSeconds(51));
            token.ThrowIfCancellationRequested();
            return Trial(2, _ => 0.9);
        });
        search.Add("fast", _ =>
        {
            clock.Pass(TimeSpan.FromSeconds(50));
            return Trial(3, _ => 0.8);
        });
        search.Add("late", _ => Trial(4, _ => 1));

        var (selection, chosen) = search.Run(new PipelineNotes(null), Token);

        Assert.Equal(3, chosen);
        Assert.Equal(
            [null, "not possible: Too many items.", "not possible: NaN", "stopped: it takes longer than the time that is left allows", null, "not tried: the time is used up"],
            selection.Candidates.Select(candidate => candidate.Problem));
        Assert.Equal(51, selection.Candidates[3].Seconds);
    }

    [Fact]
    public void What_is_required_is_chosen_or_an_error()
    {
        var search = new ModelSearch<int>("ndcg@10", lessIsBetter: false) { Required = "poor" };
        search.Add("best", _ => Trial(1, _ => 0.9));
        search.Add("poor", _ => Trial(2, _ => 0.1));
        var (selection, chosen) = search.Run(new PipelineNotes(null), Token);
        Assert.Equal((2, "poor", "poor is what was asked for."), (chosen, selection.Chosen.Name, selection.Reason));
        Assert.Equal(0.8, selection.Chosen.Behind!.Value, 1e-9);

        var failing = new ModelSearch<int>("ndcg@10", lessIsBetter: false) { Required = "poor" };
        failing.Add("best", _ => Trial(1, _ => 0.9));
        failing.Add("poor", _ => throw new ArgumentException("Too few rows."));
        Assert.Equal("poor is what was asked for, but it is not possible: Too few rows.", Assert.Throws<ArgumentException>(() => failing.Run(new PipelineNotes(null), Token)).Message);
    }

    [Fact]
    public void Nothing_to_choose_from_is_an_error_that_says_why()
    {
        var search = new ModelSearch<int>("ndcg@10", lessIsBetter: false);
        search.Add("impossible", _ => throw new ArgumentException("Too many items."));
        Assert.Contains("Too many items.", Assert.Throws<ArgumentException>(() => search.Run(new PipelineNotes(null), Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_cancels_ends_the_search()
    {
        using var cancelled = new CancellationTokenSource();
        var search = new ModelSearch<int>("ndcg@10", lessIsBetter: false);
        search.Add("first", token =>
        {
            cancelled.Cancel();
            token.ThrowIfCancellationRequested();
            return Trial(1, _ => 0);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => search.Run(new PipelineNotes(null), cancelled.Token));
    }

    [Fact]
    public void Settings_are_searched_one_at_a_time()
    {
        var tried = new List<string>();
        var search = new SettingsSearch<double[]>(("decay", [.5, .7, .9], 1), ("steps", [5, 10, 20], 0));

        var (best, words) = search.Run(values =>
        {
            tried.Add(string.Join(' ', values.Select(value => FormattableString.Invariant($"{value}"))));
            return (-Math.Abs(values[0] - .9) - Math.Abs(values[1] - 10), values);
        });

        Assert.Equal(["0.7 5", "0.5 5", "0.9 5", "0.9 10", "0.9 20"], tried);
        Assert.Equal([.9, 10], best);
        Assert.Equal("decay 0.9, steps 10", words);
    }

    private static CandidateTrial<int> Trial(int result, Func<int, double> figure) => new(result, "", [.. Enumerable.Range(0, 100).Select(figure)]);

    private sealed class ManualClock : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Pass(TimeSpan time)
        {
            _now += time;
            _timers.ForEach(timer => timer.Fire(_now));
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(callback, state, _now + dueTime);
            _timers.Add(timer);
            return timer;
        }

        private sealed class ManualTimer(TimerCallback callback, object? state, TimeSpan due) : ITimer
        {
            private bool _isOver;

            public void Fire(TimeSpan now)
            {
                if (!_isOver && now >= due)
                {
                    _isOver = true;
                    callback(state);
                }
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => _isOver = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
