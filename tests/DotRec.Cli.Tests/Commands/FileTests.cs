using System.Globalization;
using System.Text;
using DotRec.Data;

namespace DotRec.Cli.Tests;

/// <summary>Files as people have them, through the commands that read them.</summary>
public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "timestamp,{0}.5")]
    [InlineData(0, "timestamp,2017-11-25 09:{1:00}:{2:00}.250")]
    [InlineData(1, "timestamp,25.11.2017 09:{1:00}:{2:00}")]
    [InlineData(1, "timestamp,11/25/2017 9:{1:00}:{2:00} AM")]
    public async Task The_last_choice_of_each_query_is_held_out_by_its_time(int blank, string column)
    {
        // The last row of each user comes first in the file, and names an item that nothing else does.
        var (header, time) = (column.Split(',')[0], column.Split(',')[1]);
        var rows = Enumerable.Range(0, 10).SelectMany(user => Enumerable.Range(0, 5).Reverse().Select(step => string.Create(
            CultureInfo.InvariantCulture, $"u{user},{(step == 4 ? $"last{user % 2}" : $"i{(user + step) % 7}")},{string.Format(CultureInfo.InvariantCulture, time, 1511602800 + (step * 9), step, user)}")));
        var data = _folder.Write("d.csv", $"user,item,{header}", rows.Concat(Enumerable.Repeat("", blank)));
        var result = await Tool.ResultAsync($"train --data {data} --query user --item item --split last --epochs 1 --output {_folder["b"]}");
        Assert.Equal(10, (int)result["test"]!["count"]!);
        var held = await Tool.ResultAsync($"recommend --bundle {_folder["b"]} --query user=u1 --include-seen -k 100");
        Assert.Equal(9, held["recommendations"]!.AsArray().Count);

        // No held-out item was among what the users had in training.
        var without = await Tool.ResultAsync($"recommend --bundle {_folder["b"]} --query user=u1 -k 100");
        Assert.Contains("last1", without["recommendations"]!.AsArray().Select(item => (string)item!["id"]!));
    }

    [Theory]
    [InlineData("{0}", "1,200.5")]
    [InlineData("{0}", "NA")]
    [InlineData(" {0} ", "")]
    [InlineData("$ {0}", "$ 7.5")]
    public async Task Numbers_as_people_write_them_are_numbers(string format, string other)
    {
        var rows = Enumerable.Range(0, 400).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"u{n % 9},\"{(n % 20 == 3 ? other : string.Format(CultureInfo.InvariantCulture, format, (n * 37 % 400) + 0.5))}\",{(n * 37 % 400 > 200 ? 1 : 0)}"));
        var result = await Tool.ResultAsync($"train --task ranking --data {_folder.Write("d.csv", "user, price, clicked", rows)} --label clicked --output {_folder["b"]}");
        Assert.Equal("number", (string)result["data"]!["columns"]!.AsArray().Single(column => (string)column!["name"]! == "price")!["kind"]!);
        Assert.True((double)result["test"]!["auc"]! > 0.9);
    }

    [Fact]
    public async Task Times_in_milliseconds_are_told_apart()
    {
        var rows = Enumerable.Range(0, 600).Select(n => string.Create(CultureInfo.InvariantCulture, $"c{n % 5},{1511544563000 + (n * 7919 % 100_000)},{n % 2}"));
        var result = await Tool.ResultAsync($"train --task ranking --data {_folder.Write("d.csv", "cat,event_time,clicked", rows)} --label clicked --epochs 1 --output {_folder["b"]}");
        Assert.Equal(0, (int)result["data"]!["repeatedTestRows"]!);
    }

    [Theory]
    [InlineData(ColumnType.Float64)]
    [InlineData(ColumnType.Float32)]
    [InlineData(ColumnType.Int64)]
    public async Task Whole_numbers_of_any_type_can_be_categories(ColumnType type)
    {
        var stores = new Column<long>("store", [.. Enumerable.Range(0, 300).Select(n => 20L * (n % 10))]);
        var data = new FeatureBatch(stores.ConvertTo(type), new Column<long>("clicked", [.. Enumerable.Range(0, 300).Select(n => n % 10 > 4 ? 1L : 0)]));
        await ParquetFile.WriteAsync(data, _folder["d.parquet"], TestContext.Current.CancellationToken);
        var trained = await Tool.ResultAsync($"train --task ranking --data {_folder["d.parquet"]} --label clicked --categories store --model logistic --output {_folder["b"]}");
        Assert.Equal(10, (int)trained["data"]!["columns"]![0]!["distinct"]!);
        Assert.Equal(1, (double)trained["test"]!["auc"]!);
        Assert.Equal(300, (int)(await Tool.ResultAsync($"predict --bundle {_folder["b"]} --data {_folder["d.parquet"]} --output {_folder["p.csv"]}"))["rows"]!);
        var scores = Csv.Read(_folder["p.csv"]);
        Assert.Equal(["store", "clicked", "score"], scores.Columns.Select(column => column.Name));
        Assert.True(scores.Get<float>("score").Values[9] > 0.5f && scores.Get<float>("score").Values[0] < 0.5f);
    }

    [Theory]
    [InlineData("u,i\n{0},{1}\n", "", 300)]
    [InlineData(",u,i\n{2},{0},{1}\n", "", 300)]
    [InlineData("u,i\n{0}.0,{1}.0\n", "", 300)]
    [InlineData("sep=;\nu;i;price, EUR\n{0};{1};5\n", "", 300)]
    [InlineData("u;i\n{0};{1}\n", "--delimiter ;", 300)]
    [InlineData("{0},{1}\n", "--no-header --columns u i", 300)]
    [InlineData("{0},{1}\n", "--columns u i", 300)]
    [InlineData("u, i\r{0}, {1}\r", "", 300)]
    [InlineData("{{\"u\": {0}, \"i\": {1}}}\n", "", 300)]
    [InlineData("u,i\n{0},{1}\n,3\n4,\n", "", 300)]
    public async Task Choices_are_read_whatever_is_around_them(string form, string options, int rows)
    {
        var lines = form.Split(["\n", "\r"], StringSplitOptions.RemoveEmptyEntries);
        var row = Array.FindIndex(lines, line => line.Contains("{0}", StringComparison.Ordinal));
        var end = form.Contains('\r', StringComparison.Ordinal) ? "\r" : "\n";
        var text = string.Join(end, [.. lines[..row], .. Enumerable.Range(0, 300).Select(n => string.Format(CultureInfo.InvariantCulture, lines[row], n % 20, (n * 7 % 30) + 100, n)), .. lines[(row + 1)..], ""]);
        var name = form.StartsWith("{{", StringComparison.Ordinal) ? "d.jsonl" : "d.csv";
        await File.WriteAllTextAsync(_folder[name], text, TestContext.Current.CancellationToken);
        var result = await Tool.ResultAsync($"train --data {_folder[name]} --query u --item i {options} --epochs 1 --output {_folder["b"]}");
        Assert.Equal((rows, 20, 30), ((int)result["data"]!["interactions"]!, (int)result["data"]!["queries"]!, (int)result["data"]!["items"]!));
        Assert.Equal(5, (await Tool.ResultAsync($"recommend --bundle {_folder["b"]} --similar-to 103 -k 5"))["recommendations"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.tsv")]
    [InlineData("a.csv.gz")]
    [InlineData("part-0")]
    public async Task A_folder_of_the_parts_of_a_table_is_inspected(string name)
    {
        Directory.CreateDirectory(_folder["parts"]);
        var text = Encoding.UTF8.GetBytes(name.EndsWith('l') ? "{\"u\": 1, \"i\": 2}\n" : "u\ti\n1\t2\n");
        await using (var file = File.Create(Path.Combine(_folder["parts"], name)))
        await using (var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest) : (Stream)file)
        {
            await stream.WriteAsync(text, TestContext.Current.CancellationToken);
        }

        var result = await Tool.ResultAsync($"inspect {_folder["parts"]}");
        Assert.Equal((1, "u", "i"), ((int)result["rows"]!, (string)result["columns"]![0]!["name"]!, (string)result["columns"]![1]!["name"]!));
    }

    [Fact]
    public async Task An_infinite_number_is_an_error_that_names_its_line()
    {
        var rows = Enumerable.Range(0, 400).Select(n => $"{(n == 99 ? "inf" : $"{n}.5")},{(n * 7 % 400 > 200 ? 1 : 0)}");
        var (code, error) = await Tool.RunAsync($"train --task ranking --data {_folder.Write("d.csv", "x,clicked", rows)} --label clicked --output {_folder["b"]}");
        Assert.Equal(2, code);
        Assert.Contains("line 101, column 1 'x': found an infinite number", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_id_is_nobody()
    {
        var rows = Enumerable.Range(0, 300).Select(n => $"u{n % 20},{(n % 3 == 0 ? "" : $"i{n % 11}")}");
        var data = _folder.Write("d.csv", "u,i", rows);
        var result = await Tool.ResultAsync($"train --data {data} --query u --item i --epochs 1 --output {_folder["b"]}");
        Assert.Equal((200, 11), ((int)result["data"]!["interactions"]!, (int)result["data"]!["items"]!));
        var answer = await Tool.ResultAsync($"recommend --bundle {_folder["b"]} --query u=u3 --include-seen -k 20");
        Assert.DoesNotContain("", answer["recommendations"]!.AsArray().Select(item => (string)item!["id"]!));
        Assert.Equal(200, (int)(await Tool.ResultAsync($"evaluate --bundle {_folder["b"]} --data {data}"))["rows"]!);

        var (code, error) = await Tool.RunAsync($"train --data {_folder.Write("none.csv", "u,i", Enumerable.Repeat("u1,", 20))} --query u --item i --output {_folder["c"]}");
        Assert.Equal((1, $"dotrec: No row of none.csv has a value in 'i'.{Environment.NewLine}"), (code, error));
    }

    [Fact]
    public async Task A_catalogue_that_lacks_items_or_has_them_twice_is_used_as_far_as_it_goes()
    {
        var data = _folder.Write("d.csv", "u,i", Enumerable.Range(0, 300).Select(n => $"{n % 20},{n % 10}"));
        var items = _folder.Write("items.csv", "i,title", [.. Enumerable.Range(0, 8).Select(n => $"{n},Title {n}"), "3,Other"]);
        var result = await Tool.ResultAsync($"train --data {data} --items {items} --item-features title --query u --item i --epochs 1 --output {_folder["b"]}");
        Assert.Equal((240, 8), ((int)result["data"]!["interactions"]!, (int)result["data"]!["items"]!));

        var strange = _folder.Write("strange.csv", "i,title", ["a,A", "b,B"]);
        var (code, error) = await Tool.RunAsync($"train --data {data} --items {strange} --query u --item i --output {_folder["c"]}");
        Assert.Equal(1, code);
        Assert.StartsWith("dotrec: The catalogue has none of the items of the interactions, such as 0, 1, 2, 3, 4, …. Do both write 'i' in the same way?", error);
    }

    [Fact]
    public async Task Other_encodings_are_told_or_said()
    {
        var rows = "u,i\n" + string.Concat(Enumerable.Range(0, 100).Select(n => $"{n % 9},Café {n % 11}\n"));
        await File.WriteAllBytesAsync(_folder["latin.csv"], Encoding.Latin1.GetBytes(rows), TestContext.Current.CancellationToken);
        var (code, error) = await Tool.RunAsync($"train --data {_folder["latin.csv"]} --query u --item i --output {_folder["b"]}");
        Assert.Equal(2, code);
        Assert.Contains("--encoding windows-1252", error, StringComparison.Ordinal);
        await Tool.ResultAsync($"train --data {_folder["latin.csv"]} --query u --item i --encoding windows-1252 --epochs 1 --output {_folder["b"]}");
        Assert.Equal(3, (await Tool.ResultAsync($"recommend --bundle {_folder["b"]} --query u=1 -k 3 --include-seen"))["recommendations"]!.AsArray().Count(item => ((string)item!["id"]!).StartsWith("Café ", StringComparison.Ordinal)));
        await File.WriteAllBytesAsync(_folder["wide.csv"], [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(rows)], TestContext.Current.CancellationToken);
        Assert.Equal(11, (int)(await Tool.ResultAsync($"train --data {_folder["wide.csv"]} --query u --item i --epochs 1 --output {_folder["b"]}"))["data"]!["items"]!);
    }

    [Fact]
    public async Task Dates_that_could_be_meant_in_two_ways_ask_for_their_order()
    {
        var data = _folder.Write("d.csv", "u,i,when", Enumerable.Range(0, 100).Select(n => $"{n % 9},{n % 11},{(n % 12) + 1}/{(n % 11) + 1}/2024"));
        var (code, error) = await Tool.RunAsync($"train --data {data} --query u --item i --split time --time when --output {_folder["b"]}");
        Assert.Equal(1, code);
        Assert.Contains("Say which (--date-order day-first or month-first)", error, StringComparison.Ordinal);
        await Tool.ResultAsync($"train --data {data} --query u --item i --split time --time when --date-order day-first --epochs 1 --output {_folder["b"]}");
    }

    [Theory]
    [InlineData(1e6, 1000)]
    [InlineData(3, 0.5)]
    [InlineData(-2e-5, 1e-6)]
    public async Task Labels_may_lie_anywhere_and_the_linear_baseline_is_fitted(double middle, double spread)
    {
        var rows = Enumerable.Range(0, 900).Select(n => (Category: n % 5, X: 2 * Math.Sin(n * 1.7), Noise: 0.025 * Math.Sin(n * n * 0.37))).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"c{row.Category},{row.X:F4},{middle + (spread * (row.X + (0.1 * row.Category) + row.Noise)):R}"));
        var result = await Tool.ResultAsync($"train --task ranking --data {_folder.Write("d.csv", "cat,x,y", rows)} --label y --model dcn --output {_folder["b"]}");
        double Rmse(string name) => (double)(name == "test" ? result["test"] : result["baselines"]![name])!["rmse"]!;
        Assert.True(Rmse("test") < 0.3 * Rmse("constant"), $"{Rmse("test")} and {Rmse("constant")}");
        Assert.True(Rmse("regression") < 0.1 * Rmse("constant"), $"{Rmse("regression")} and {Rmse("constant")}");
    }
}
