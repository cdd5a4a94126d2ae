using System.Globalization;
using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Pipelines.Tests;

/// <summary>From a table with a label to a served ranker, without the tool.</summary>
public sealed class RankingPipelineTests : IDisposable
{
    private const string Header = "city,age,noise,clicked";

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_becomes_a_model_better_than_the_baselines_and_a_bundle_that_scores_as_it_does()
    {
        var log = new ProgressLog();
        var data = _folder.Write("clicks.csv", Header, Clicks(3000));
        var settings = new RankingSettings { LearningRate = 0.01, Patience = 6 };
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "clicked", Settings = settings }).RunAsync(data, progress: log, cancellationToken: Token);
        Assert.Equal(
            [("city", FeatureKind.Category), ("age", FeatureKind.Category), ("noise", FeatureKind.Number)],
            result.Data.Columns.Select(column => (column.Name, column.Kind)));
        Assert.Equal(("clicked", "yes", "no"), (result.Data.Label.Column, result.Data.Label.Positive, result.Data.Label.Negative));

        // Whether somebody clicks depends on city and age together, which no regression sees.
        Assert.InRange(result.Constant.Binary!.Accuracy, 0.3, 0.7);
        Assert.True(result.Evaluation.Binary.Auc > 0.9, $"{result.Evaluation.Binary.Auc}");
        Assert.True(result.Regression!.Binary.Auc < 0.7, $"{result.Regression.Binary.Auc}");
        Assert.True(result.Fit.Epochs.Count + result.EpochChoice.Epochs.Count <= log.All.Count(one => one.Fit is { CompletedEpoch: not null }));

        await result.SaveAsync(_folder["bundle"], Token);
        using var served = Ranker.Load(_folder["bundle"]);
        var row = new { city = "town 1", age = 30L, noise = 0.5f };
        Assert.Equal(result.Ranker.Predict(row), served.Predict(row));
    }

    [Fact]
    public async Task A_row_of_weight_0_teaches_nothing_and_no_figure_is_weighted()
    {
        // Half of the rows say the opposite of the others, and weigh nothing.
        var rows = Enumerable.Range(0, 1200).Select(n => $"{(n % 2 == 0 ? "a" : "b")},{(n / 2 % 2 == 0 ? 30 : 0)},{((n % 2 == 0) == (n / 2 % 2 == 0) ? "yes" : "no")}").ToArray();
        var data = _folder.Write("w.csv", "c,seconds,y", rows);
        var options = new RankingPipelineOptions { Label = "y", Settings = new RankingSettings { Network = RankingNetworkKind.Logistic } };
        using var weighted = await new RankingPipeline(options with { Weight = "Seconds" }).RunAsync(data, cancellationToken: Token);
        using var equal = await new RankingPipeline(options with { Ignore = ["seconds"] }).RunAsync(data, cancellationToken: Token);

        Assert.Equal(["c"], weighted.Data.Columns.Select(column => column.Name));
        Assert.True(weighted.Ranker.Predict(new { c = "a" }) > 0.8 && weighted.Ranker.Predict(new { c = "b" }) < 0.2);
        Assert.InRange(equal.Ranker.Predict(new { c = "a" }), 0.4f, 0.6f);
        Assert.InRange(weighted.Evaluation.Binary.Accuracy, 0.4, 0.6);
        Assert.Contains(
            "row 1 (line 2 of a file whose first line is of names) has the weight -1",
            (await Assert.ThrowsAsync<InvalidDataException>(() => new RankingPipeline(options with { Weight = "seconds" }).RunAsync(_folder.Write("v.csv", "c,seconds,y", ["a,-1,yes", "b,1,no"]), cancellationToken: Token))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_are_predicted_where_the_label_has_more_than_two()
    {
        var rows = Enumerable.Range(0, 600).Select(n => string.Create(CultureInfo.InvariantCulture, $"c{n % 5},{Math.Sin(n * 1.7):F4},{1000 + (n % 5) + (3 * Math.Sin(n * 1.7)):F4}"));
        var options = new RankingPipelineOptions { Label = "y", Settings = new RankingSettings { Network = RankingNetworkKind.Logistic } };
        using var result = await new RankingPipeline(options).RunAsync(_folder.Write("d.csv", "c,x,y", rows), cancellationToken: Token);
        Assert.False(result.Data.Label.IsBinary);
        Assert.Null(result.Regression);
        Assert.True(result.Evaluation.Rating.Rmse < 0.1 * result.Constant.Rating!.Rmse);
    }

    [Fact]
    public async Task Test_rows_of_their_own_are_measured_on_and_copies_of_training_rows_are_warned_of()
    {
        var (train, test) = (_folder.Write("train.csv", Header, Clicks(300)), _folder.Write("test.csv", Header, [.. Clicks(400).Skip(300), .. Clicks(20)]));
        var options = new RankingPipelineOptions { Label = "clicked", Settings = new RankingSettings { Epochs = 1 }, MeasureRegression = false };
        var log = new ProgressLog();
        using var result = await new RankingPipeline(options).RunAsync(train, test, log, Token);
        Assert.Equal((120, 20), (result.Split.Test.RowCount, result.RepeatedTestRows));
        Assert.Equal((300, 30), (result.Split.Train.RowCount, result.Split.Validation!.RowCount));
        Assert.Null(result.Regression);
        Assert.StartsWith("20 of 120 test rows are in the training rows too", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(result.Warnings, log.Warnings);
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("whole")]
    [InlineData("yes")]
    public async Task Names_of_the_options_are_those_of_the_file_whatever_their_case(string label)
    {
        var rows = Enumerable.Range(0, 200).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"u{n % 9},{n % 7},{n % 11},{n},{label switch { "0.5" => $"{n % 5}.5", "whole" => $"{n % 5}", _ => n % 3 == 0 ? "yes" : "no" }}"));
        var options = new RankingPipelineOptions
        {
            Label = "rating",
            QueryId = "user-id",
            Ignore = ["PRICE", "user_id"],
            Kinds = new Dictionary<string, FeatureKind> { ["Other Price"] = FeatureKind.Number },
            Test = HoldOut.Latest(0.2, "at"),
            Settings = new RankingSettings { Epochs = 1 },
            MeasureRegression = false,
        };
        var file = _folder.Write("d.csv", "User_ID,price,OtherPrice,At,Rating", rows);
        var test = _folder.Write("t.csv", "user id,rating,other_price", ["u1,3.5,4", "u1,1.5,6"]);
        using var result = await new RankingPipeline(options).RunAsync(file, label == "0.5" ? test : null, cancellationToken: Token);
        Assert.Equal("Rating", result.Data.Label.Column);
        Assert.Equal([("OtherPrice", FeatureKind.Number)], result.Data.Columns.Select(column => (column.Name, column.Kind)));
        Assert.Equal(label == "0.5" ? 2 : 40, result.Split.Test.RowCount);
        Assert.True(result.Evaluation.HasQueries);

        using var named = await new RankingPipeline(options with { Label = "RATING", Ignore = [], Features = ["PRICE"], Kinds = new Dictionary<string, FeatureKind>() }).RunAsync(Csv.Read(file), cancellationToken: Token);
        Assert.Equal(["price"], named.Data.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("Price", "clicked", "'Price' may be 'price' or 'PRICE'.", "Ignore")]
    [InlineData("price", "CLICKED", null, null)]
    [InlineData("no", "pr-ice", "'pr-ice' may be 'price' or 'PRICE'.", "Label")]
    public async Task A_name_of_two_columns_is_refused_with_both_unless_it_is_exactly_one_of_them(string ignore, string label, string? message, string? option)
    {
        var options = new RankingPipelineOptions { Label = label, Ignore = ignore == "no" ? [] : [ignore] };
        var read = new RankingPipeline(options).ReadAsync(_folder.Write("d.csv", "price,PRICE,noise,clicked", Clicks(100)), cancellationToken: Token);
        if (message is null)
        {
            Assert.Equal(["PRICE", "noise"], (await read).Columns.Select(column => column.Name));
            return;
        }

        var error = await Assert.ThrowsAsync<ArgumentException>(() => read);
        Assert.StartsWith(message, error.Message);
        Assert.Equal(option, error.ParamName);
    }

    [Fact]
    public async Task A_column_named_twice_in_two_spellings_is_refused()
    {
        var file = _folder.Write("clicks.csv", Header, Clicks(100));
        var options = new RankingPipelineOptions { Label = "clicked", Features = ["age", "AGE"] };
        Assert.StartsWith("Column 'age' is named twice", (await Assert.ThrowsAsync<ArgumentException>(() => new RankingPipeline(options).ReadAsync(file, cancellationToken: Token))).Message);
        options = new RankingPipelineOptions { Label = "clicked", Features = ["age", "Clicked"] };
        Assert.StartsWith("'clicked' is the label and named as a feature too", (await Assert.ThrowsAsync<ArgumentException>(() => new RankingPipeline(options).ReadAsync(file, cancellationToken: Token))).Message);
        options = new RankingPipelineOptions { Label = "clicked", Kinds = new Dictionary<string, FeatureKind> { ["age"] = FeatureKind.Number, ["Age"] = FeatureKind.Category } };
        Assert.StartsWith("'Age' is column 'age', of which it is said already", (await Assert.ThrowsAsync<ArgumentException>(() => new RankingPipeline(options).ReadAsync(file, cancellationToken: Token))).Message);
    }

    [Fact]
    public async Task A_network_that_the_regression_beats_is_known_as_such()
    {
        // A straight line, and a network that may hardly move.
        var rows = Enumerable.Range(0, 600).Select(n => string.Create(CultureInfo.InvariantCulture, $"{Math.Sin(n * 1.7):F4},{3 * Math.Sin(n * 1.7):F4}"));
        var file = _folder.Write("d.csv", "x,y", rows);
        var options = new RankingPipelineOptions { Label = "y", Settings = new RankingSettings { Epochs = 1, LearningRate = 1e-6 } };
        using var result = await new RankingPipeline(options).RunAsync(file, cancellationToken: Token);
        Assert.True(result.Evaluation.Rating.Rmse > result.Regression!.Rating.Rmse);
        Assert.True(result.IsBehindRegression);
        using var alone = await new RankingPipeline(options with { MeasureRegression = false }).RunAsync(file, cancellationToken: Token);
        Assert.False(alone.IsBehindRegression);

        using var better = await new RankingPipeline(new RankingPipelineOptions { Label = "clicked", Settings = new RankingSettings { LearningRate = 0.01, Patience = 6 } })
            .RunAsync(_folder.Write("clicks.csv", Header, Clicks(1000)), cancellationToken: Token);
        Assert.False(better.IsBehindRegression);
    }

    [Fact]
    public async Task Columns_that_never_vary_or_tell_the_label_are_said()
    {
        var rows = Clicks(300).Select(row => $"{row},same,{(row.EndsWith("yes", StringComparison.Ordinal) ? "bought" : "left")}");
        var data = await new RankingPipeline(new RankingPipelineOptions { Label = "clicked" }).ReadAsync(_folder.Write("d.csv", Header + ",constant,end", rows), cancellationToken: Token);
        Assert.Equal(
            [
                "left out, for every row has the same there: constant.",
                "column 'end' tells the label of every row. If it is the label by another name, leave it out.",
            ], data.Warnings);
        Assert.Equal(["city", "age", "noise", "end"], data.Columns.Select(column => column.Name));
    }

    [Fact]
    public async Task A_table_is_understood_as_its_file_is()
    {
        var file = _folder.Write("clicks.csv", Header, Clicks(300));
        var pipeline = new RankingPipeline(new RankingPipelineOptions { Label = "clicked", Settings = new RankingSettings { Epochs = 1 }, MeasureRegression = false });
        using var read = await pipeline.RunAsync(file, cancellationToken: Token);
        using var made = await pipeline.RunAsync(Csv.Read(file), cancellationToken: Token);
        Assert.Equal(read.Evaluation.Metrics, made.Evaluation.Metrics);
    }

    [Fact]
    public async Task A_bundle_is_measured_beside_the_mean_label_as_the_training_was()
    {
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "clicked", Settings = new RankingSettings { Epochs = 2 }, MeasureRegression = false })
            .RunAsync(_folder.Write("clicks.csv", Header, Clicks(600)), cancellationToken: Token);
        await result.SaveAsync(_folder["bundle"], Token);
        using var ranker = Ranker.Load(_folder["bundle"]);
        var text = result.Split.Test.DropColumns("clicked").With(new Column<string>("clicked", [.. result.Split.Test.Get<float>("clicked").Values.ToArray().Select(label => label == 1 ? "yes" : "no")]));
        var log = new ProgressLog();
        var evaluation = await new RankerEvaluator(ranker).EvaluateAsync(text, log, Token);
        Assert.Equal((60, "yes"), (evaluation.RowCount, evaluation.Label.Positive));
        Assert.Equal(result.Evaluation.Binary.LogLoss, evaluation.Binary!.LogLoss, 5);
        Assert.Equal(result.Constant.Binary!.LogLoss, evaluation.Constant!.Binary!.LogLoss, 12);
        Assert.Equal(60, log.All.Last(one => one.Work is not null).Work!.Done);

        // A bundle of before has no mean, and says so.
        using var older = new Ranker(ranker.Export(), ranker.Options with { Facts = null });
        Assert.Null((await new RankerEvaluator(older).EvaluateAsync(text.DropColumns("clicked").With(result.Split.Test["clicked"]), log, Token)).Constant);
        Assert.Contains(log.Notes, note => note.StartsWith("the bundle does not know the mean label", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_of_a_query_are_measured_by_their_order_and_the_last_of_each_held_out()
    {
        var rows = Clicks(400).Select((row, n) => $"{row},{n % 20},{n}").ToArray();
        var options = new RankingPipelineOptions
        {
            Label = "clicked",
            QueryId = "visit",
            Ignore = ["visit", "at"],
            Test = HoldOut.LastOfEach("at"),
            Settings = new RankingSettings { Epochs = 1 },
            MeasureRegression = false,
        };
        using var result = await new RankingPipeline(options).RunAsync(_folder.Write("clicks.csv", Header + ",visit,at", rows), cancellationToken: Token);
        Assert.Equal(20, result.Split.Test.RowCount);
        Assert.All(result.Split.Test.Get<long>("at").Values.ToArray(), time => Assert.InRange(time, 380, 399));
        Assert.True(result.Validation.HasQueries);
        Assert.True(result.Evaluation.HasQueries);
        Assert.DoesNotContain("visit", result.Data.Columns.Select(column => column.Name));
    }

    [Fact]
    public async Task Without_a_test_nothing_is_measured_but_the_validation_rows()
    {
        var options = new RankingPipelineOptions { Label = "clicked", Test = HoldOut.None, Settings = new RankingSettings { Epochs = 1, BatchSize = 1 } };
        using var result = await new RankingPipeline(options).RunAsync(_folder.Write("clicks.csv", Header, Clicks(200)), cancellationToken: Token);
        Assert.Equal((200, 20, 0), (result.Split.Train.RowCount, result.Split.Validation!.RowCount, result.Split.Test.RowCount));
        Assert.False(result.HasEvaluation);
        Assert.StartsWith("Nothing was measured", Assert.Throws<InvalidOperationException>(() => result.Evaluation).Message);
        Assert.StartsWith("Nothing was measured", Assert.Throws<InvalidOperationException>(() => result.Constant).Message);
        Assert.Contains("a batch of 1 row makes steps of chance, and as many that training takes long. Hundreds of rows are usual.", result.Warnings);
    }

    [Fact]
    public async Task Training_that_is_stopped_keeps_its_best_epoch_and_measures_no_regression()
    {
        using var stop = new CancellationTokenSource();
        var options = new RankingPipelineOptions { Label = "clicked", StopToken = stop.Token, Settings = new RankingSettings { Epochs = 10_000, Patience = 10_000, BatchSize = 64 } };
        var log = new Stopping(stop);
        using var result = await new RankingPipeline(options).RunAsync(_folder.Write("clicks.csv", Header, Clicks(300)), progress: log, cancellationToken: Token);
        Assert.Equal((true, 2, true), (result.Fit.WasStopped, result.Fit.Epochs.Count, result.Regression is null));
        Assert.True(result.HasEvaluation);
    }

    [Theory]
    [InlineData("scored.csv")]
    [InlineData("scored.parquet")]
    public async Task Files_are_scored_row_by_row(string output)
    {
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "clicked", Settings = new RankingSettings { Epochs = 1 }, MeasureRegression = false })
            .RunAsync(_folder.Write("clicks.csv", Header, Clicks(300)), cancellationToken: Token);
        var predictor = new RankerPredictor(result.Ranker) { ScoreColumn = "p" };
        Assert.Equal(300, await predictor.PredictFileAsync(_folder["clicks.csv"], _folder[output], cancellationToken: Token));
        var scored = await TableFile.ReadAsync(_folder[output], cancellationToken: Token);
        Assert.Equal(["city", "age", "noise", "clicked", "p"], scored.Columns.Select(column => column.Name));
        var expected = result.Ranker.PredictBatch(Csv.Read(_folder["clicks.csv"], new CsvOptions { Schema = result.Ranker.Features }));
        Assert.All(expected.Zip(scored.Get<float>("p").Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

        var clash = new RankerPredictor(result.Ranker) { ScoreColumn = "age" };
        Assert.Equal("ScoreColumn", (await Assert.ThrowsAsync<ArgumentException>(() => clash.PredictFileAsync(_folder["clicks.csv"], _folder[output], cancellationToken: Token))).ParamName);
        Assert.StartsWith("x.xml says no format to write", (await Assert.ThrowsAsync<ArgumentException>(() => clash.PredictFileAsync(_folder["clicks.csv"], "x.xml", cancellationToken: Token))).Message);
    }

    [Theory]
    [InlineData("bought", "no", null, "clicks.csv has no column 'bought'. Its columns are: city: String, age: Int64", "Label")]
    [InlineData("clicked", "town", null, "clicks.csv has no column 'town'.", "Ignore")]
    [InlineData("clicked", "city", "maybe", "The positive label is to be 'maybe'; the labels in column 'clicked' are '", "Positive")]
    [InlineData("city", "age", null, "The label column 'city' holds texts, 4 different ones such as 'town ", null)]
    public async Task What_cannot_be_learned_is_named_with_its_option(string label, string ignore, string? positive, string message, string? option)
    {
        var options = new RankingPipelineOptions { Label = label, Ignore = ignore == "no" ? [] : [ignore], Positive = positive };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RankingPipeline(options).ReadAsync(_folder.Write("clicks.csv", Header, Clicks(100)), cancellationToken: Token));
        Assert.StartsWith(message, error.Message);
        Assert.Equal(option, error.ParamName);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        var options = new RankingPipelineOptions { Label = "y" };
        Assert.StartsWith("'y' is the label and named as a feature too", Assert.Throws<ArgumentException>(() => new RankingPipeline(options with { Features = ["x", "y"] })).Message);
        Assert.StartsWith("Column 'x' is named twice", Assert.Throws<ArgumentException>(() => new RankingPipeline(options with { Features = ["x"], Ignore = ["x"] })).Message);
        Assert.StartsWith(
            "The last row of each query is to be held out, and nothing says which rows are one query. Set QueryId",
            Assert.Throws<ArgumentException>(() => new RankingPipeline(options with { Test = HoldOut.LastOfEach("t") })).Message);
    }

    [Fact]
    public void Defaults_are_those_that_are_documented()
    {
        var options = new RankingPipelineOptions { Label = "y" };
        Assert.Equal((RankingLoss.Auto, HoldOut.Random(0.1), 0.1, 42UL, true), (options.Loss, options.Test, options.ValidationFraction, options.Seed, options.MeasureRegression));
        var settings = new RankingSettings();
        Assert.Equal(
            (RankingNetworkKind.Auto, 8, 1e-4, 3e-4, 0.0, 2, 48, 2),
            (settings.Network, settings.Dimension, settings.EmbeddingL2, settings.LinearL2, settings.KernelL2, settings.MinimumCount, settings.Bins, settings.CrossLayers));
        Assert.Equal((0.2, 0.2, 8, OptimizerKind.Adam), (settings.Dropout, settings.TailAverage, settings.LatentDimension, settings.Optimizer));
        Assert.Equal(((int?)null, (int?)null, (double?)null, (int?)null), (settings.Epochs, settings.BatchSize, settings.LearningRate, settings.Patience));
        Assert.Equal(TimeSpan.FromMinutes(10), options.TimeBudget);
        Assert.Equal((30, 256, 0.001, 2), Decided(settings.For(RankingNetworkKind.DeepCross, 100_000)));
        Assert.Equal((60, 256, 0.005, 2), Decided(settings.For(RankingNetworkKind.Logistic, 100_000)));
        Assert.Equal((166, 16, 0.001, 5), Decided(settings.For(RankingNetworkKind.Mlp, 300)));
        Assert.Equal((400, 16, 0.005, 100), Decided(settings.For(RankingNetworkKind.Logistic, 3) with { Epochs = 400 }));
        Assert.Equal((7, 99, 0.5, 3), Decided((settings with { Epochs = 7, BatchSize = 99, LearningRate = 0.5, Patience = 3 }).For(RankingNetworkKind.FieldAware, 300)));
        Assert.Equal([64, 64], settings.Hidden);
    }

    private static (int, int, double, int) Decided(RankingSettings settings) => (settings.Epochs!.Value, settings.BatchSize!.Value, settings.LearningRate!.Value, settings.Patience!.Value);

    private sealed class Stopping(CancellationTokenSource source) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            if (value.Fit is { Epoch: 3 })
            {
                source.Cancel();
            }
        }
    }

    // Whether somebody of a city and an age clicks depends on both together; noise tells nothing.
    private static string[] Clicks(int count) => [.. Enumerable.Range(0, count).Select(n =>
    {
        var (city, age) = (n % 4, 18 + (n / 4 % 50));
        return string.Create(CultureInfo.InvariantCulture, $"town {city},{age},{Math.Abs(Math.Sin(n * 12.9898)):F4},{((city % 2 == 0) == (age < 43) ? "yes" : "no")}");
    })];
}
