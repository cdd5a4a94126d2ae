namespace DotRec.Cli.Tests;

/// <summary>What becomes of files that are not as they should be.</summary>
public sealed class RankingInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "Option '--label' is required with --task ranking")]
    [InlineData("--label bought", "has no column 'bought'. Its columns are: city: String, age: Int64")]
    [InlineData("--label clicked --features city town", "has no column 'town'. ")]
    [InlineData("--label clicked --features city clicked", "'clicked' is the label and named as a feature too")]
    [InlineData("--label clicked --features city --ignore city", "'city' is named twice")]
    [InlineData("--label clicked --ignore city age noise", "no column left to predict 'clicked' from")]
    [InlineData("--label city", "holds texts, 4 different ones such as 'town")]
    [InlineData("--label city --loss logloss", "has 4 different labels, such as 'town")]
    [InlineData("--label age --loss logloss", "A squared loss predicts a number. (--loss squared)")]
    [InlineData("--label clicked --positive maybe", "The positive label is to be 'maybe'; the labels in column 'clicked' are '")]
    [InlineData("--label clicked --model svm", "--model is 'svm'; the models of ranking are auto, dcn, dcn-parallel, dlrm, wide-deep, field-aware, mlp, logistic.")]
    [InlineData("--label clicked --search-seconds 0", "--search-seconds is 0; a positive number is needed.")]
    [InlineData("--label clicked --index scann", "--index is not for --task ranking.")]
    [InlineData("--label clicked --item city", "--item is not for --task ranking.")]
    [InlineData("--label clicked --query town", "has no column 'town'. Its columns are: ")]
    [InlineData("--label clicked --split last", "--split last holds out the last row of each query")]
    [InlineData("--label clicked --split cold-queries", "--split cold-queries holds out all rows of some queries: name the column of queries with --query.")]
    [InlineData("--label clicked --split cold-items", "--split cold-items is for --task retrieval")]
    [InlineData("--label clicked --weight dwell", "has no column 'dwell' of weights. ")]
    [InlineData("--label clicked --weight city", "'city: String' of clicks.csv cannot hold weights")]
    [InlineData("--label clicked --weight clicked", "Column 'clicked' is the label")]
    [InlineData("--label clicked --numbers age --categories age", "'age' is named twice")]
    [InlineData("--label clicked --features city --numbers age", "'age' is said to be something but is not a feature")]
    [InlineData("--label clicked --columns a a", "--columns names 'a' twice")]
    public Task A_wrong_command_line_says_what_to_change(string arguments, string message) =>
        FailsAsync(ExitCode.User, $"train --task ranking --data {Clicks()} {arguments}", message);

    [Fact]
    public Task Options_of_ranking_are_refused_in_retrieval() =>
        FailsAsync(ExitCode.User, $"train --data {Clicks()} --query city --item age --features noise", "--features is not for --task retrieval, the default. Add --task ranking");

    [Fact]
    public Task Text_in_a_column_of_numbers_is_named_with_its_line() =>
        FailsAsync(ExitCode.Data, Train(["1,0", "2,1", "many,0"], "--numbers x"), "line 4, column 1 'x': found 'many', expected a number");

    [Fact]
    public Task A_label_that_is_missing_is_named_with_its_row() => FailsAsync(ExitCode.User, Train(["1,yes", "2,no", "3,"]), "Row 3 has no label in column 'y' (1 rows have none)");

    [Fact]
    public Task A_missing_number_as_label_is_named_with_its_row() => FailsAsync(ExitCode.User, Train(["1,0.5", "2,", "3,1.5"]), "Row 2 has no label in column 'y'");

    [Fact]
    public Task As_many_classes_as_rows_are_no_label() => FailsAsync(ExitCode.User, Train(["1,a", "2,b", "3,c"]), "A label is a number, or one of two classes.");

    [Fact]
    public Task A_constant_label_teaches_nothing() => FailsAsync(ExitCode.User, Train(["1,1", "2,1", "3,1"]), "is '1' in every row: there is nothing to learn");

    [Fact]
    public Task Features_that_never_vary_predict_nothing() => FailsAsync(ExitCode.User, Train(["5,1", "5,0", "5,1"]), "No feature of data.csv varies");

    [Fact]
    public Task Column_names_that_repeat_are_refused() =>
        FailsAsync(ExitCode.Data, $"train --task ranking --data {_folder.Write("data.csv", "x,x,y", ["1,2,0"])} --label y", "expected a name of its own");

    [Fact]
    public Task An_empty_file_is_refused() => FailsAsync(ExitCode.Data, $"train --task ranking --data {_folder.Write("data.csv", "", [])} --label y", "found an empty file");

    [Fact]
    public Task A_file_of_a_header_alone_has_nothing_to_learn_from() => FailsAsync(ExitCode.User, Train([]), "has no rows");

    [Fact]
    public Task One_row_has_one_label() => FailsAsync(ExitCode.User, Train(["1,1"]), "there is nothing to learn");

    [Fact]
    public Task Two_rows_are_too_few_to_hold_any_out() => FailsAsync(ExitCode.User, Train(["1,1", "2,0"]), "both need at least one");

    [Fact]
    public async Task A_constant_column_is_left_out_and_not_asked_for_again()
    {
        var (train, rows) = (Train(Enumerable.Range(0, 40).Select(n => $"{n % 5},same,{n % 2}"), header: "x,c,y"), _folder.Write("rows.csv", "x", ["1"]));
        Assert.Equal(["x"], (await Tool.ResultAsync($"{train} --epochs 1 --output {_folder["bundle"]}"))["data"]!["columns"]!.AsArray().Select(column => (string)column!["name"]!));
        Assert.Equal(1, (int)(await Tool.ResultAsync($"predict --bundle {_folder["bundle"]} --data {rows} --output {_folder["out.csv"]}"))["rows"]!);
    }

    [Fact]
    public async Task A_category_never_seen_in_training_has_the_score_of_any_other_unknown_one()
    {
        await TrainClicksAsync();
        var scores = await PredictAsync("nowhere,30,0.5", "elsewhere,30,0.5");
        Assert.InRange(scores[0], 0, 1);
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public async Task NaN_and_an_empty_field_are_the_same_missing_number()
    {
        await TrainClicksAsync();
        var scores = await PredictAsync("town 1,20,NaN", "town 1,20,");
        Assert.InRange(scores[0], 0, 1);
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public async Task A_file_of_one_row_has_the_score_that_the_row_has_among_others()
    {
        await TrainClicksAsync();
        var alone = Assert.Single(await PredictAsync("town 1,20,0.5"));
        Assert.Equal(alone, (await PredictAsync("town 2,50,0.1", "town 1,20,0.5"))[1], 1e-6f);
    }

    [Fact]
    public async Task A_category_of_its_own_in_every_row_trains_all_the_same()
    {
        var rows = Enumerable.Range(0, 60).Select(n => $"visitor {n},{n % 2},{n % 2}");
        var result = await Tool.ResultAsync($"{Train(rows, header: "who,x,y")} --epochs 2 --output {_folder["bundle"]}");
        Assert.Equal(["who", "x"], result["data"]!["columns"]!.AsArray().Select(column => (string)column!["name"]!));
    }

    [Fact]
    public Task A_column_that_the_model_reads_and_the_file_lacks_is_named() => AfterTrainingAsync(
        "predict --bundle {bundle} --data {narrow} --output {out}.csv", "there is no column 'age'");

    [Fact]
    public Task A_label_value_that_training_never_met_is_named_with_its_row() => AfterTrainingAsync(
        "evaluate --bundle {bundle} --data {labelled}", "row 2 has the label 'perhaps' in column 'clicked'; 'no' or 'yes' was expected.");

    [Fact]
    public async Task Infinite_numbers_are_refused_and_no_half_a_file_is_left()
    {
        await FailsAsync(ExitCode.Data, Train(["1.5,0", "Infinity,1", "2.5,0"], "--numbers x"), "row 2 has an infinite number in column 'x'");
        await TrainClicksAsync();
        var rows = _folder.Write("rows.csv", "city,age,noise", ["town 1,20,0.5", "town 1,20,Infinity"]);
        await FailsAsync(ExitCode.Data, $"predict --bundle {_folder["bundle"]} --data {rows} --output {_folder["out.csv"]}", "row 2 has an infinite number in column 'noise'");
        Assert.False(File.Exists(_folder["out.csv"]));
    }

    [Theory]
    [InlineData("predict --bundle {bundle} --data {rows} --output {out}.txt", "a .parquet or .csv file was expected")]
    [InlineData("predict --bundle {bundle} --data {scored} --output {out}.csv", "has a column 'score' already")]
    [InlineData("evaluate --bundle {bundle} --data {rows}", "has no column 'clicked' of labels")]
    [InlineData("evaluate --bundle {bundle} --data {rows} --item city", "--item is for a bundle that recommends")]
    [InlineData("recommend --bundle {bundle} --query city=1", "is the bundle of a ranking model, which scores rows and knows no items. Use 'dotrec predict'.")]
    public async Task A_ranking_bundle_says_what_it_is_not_for(string arguments, string message)
    {
        await TrainClicksAsync();
        await FailsAsync(ExitCode.User, Filled(arguments), message);
    }

    [Theory]
    [InlineData("predict --bundle {bundle} --data {text} --output {out}.csv", "line 3, column 2 'age': found 'old', expected a number")]
    [InlineData("predict --bundle {bundle} --data {whole} --output {out}.csv", "line 2, column 2 'n': found an empty field, expected a 64-bit integer")]
    public async Task A_file_that_the_model_cannot_read_is_named_with_its_place(string arguments, string message)
    {
        await TrainClicksAsync("--numbers age");
        if (arguments.Contains("{whole}", StringComparison.Ordinal))
        {
            Assert.Equal((0, ""), await Tool.RunAsync(Train(Enumerable.Range(0, 40).Select(n => $"{n % 3},{n % 2}"), $"--epochs 1 --output {_folder["bundle"]}", "n,y")));
        }

        await FailsAsync(ExitCode.Data, Filled(arguments), message);
    }

    private async Task AfterTrainingAsync(string arguments, string message)
    {
        await TrainClicksAsync("--numbers age");
        await FailsAsync(ExitCode.Data, Filled(arguments), message);
    }

    private async Task<float[]> PredictAsync(params string[] lines)
    {
        var rows = _folder.Write("rows.csv", "city,age,noise", lines);
        Assert.Equal((0, ""), await Tool.RunAsync($"predict --bundle {_folder["bundle"]} --data {rows} --output {_folder["out.csv"]}"));
        return DotRec.Data.Csv.Read(_folder["out.csv"]).Get<float>("score").Values.ToArray();
    }

    private string Filled(string arguments) => arguments
        .Replace("{bundle}", _folder["bundle"], StringComparison.Ordinal)
        .Replace("{out}", _folder["out"], StringComparison.Ordinal)
        .Replace("{rows}", _folder.Write("rows.csv", "city,age,noise", ["town 1,20,0.5"]), StringComparison.Ordinal)
        .Replace("{scored}", _folder.Write("scored.csv", "city,age,noise,score", ["town 1,20,0.5,1"]), StringComparison.Ordinal)
        .Replace("{narrow}", _folder.Write("narrow.csv", "city,noise", ["town 1,0.5"]), StringComparison.Ordinal)
        .Replace("{text}", _folder.Write("text.csv", "city,age,noise", ["town 1,20,0.5", "town 1,old,0.5"]), StringComparison.Ordinal)
        .Replace("{whole}", _folder.Write("whole.csv", "id,n", ["1,"]), StringComparison.Ordinal)
        .Replace("{labelled}", _folder.Write("labelled.csv", ClickFile.Header, ["town 1,20,0.5,yes", "town 1,20,0.5,perhaps"]), StringComparison.Ordinal);

    private string Clicks() => _folder.Write("clicks.csv", ClickFile.Header, ClickFile.Rows(200));

    private async Task TrainClicksAsync(string options = "") =>
        Assert.Equal((0, ""), await Tool.RunAsync($"train --task ranking --data {Clicks()} --label clicked --epochs 1 --output {_folder["bundle"]} {options}"));

    private string Train(IEnumerable<string> rows, string options = "", string header = "x,y") =>
        $"train --task ranking --data {_folder.Write("data.csv", header, rows)} --label y {options}";

    private async Task FailsAsync(ExitCode expected, string arguments, string message)
    {
        var output = arguments.Contains("--output", StringComparison.Ordinal) || arguments.StartsWith("evaluate", StringComparison.Ordinal) || arguments.StartsWith("recommend", StringComparison.Ordinal)
            ? "" : $" --output {_folder["new"]}";
        var (code, error) = await Tool.RunAsync(arguments + output);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(expected, (ExitCode)code);
        Assert.Equal(1, error.AsSpan().TrimEnd().Count('\n') + 1);
        Assert.False(Directory.Exists(_folder["new"]));
    }
}
