using DotRec.Serving;

namespace DotRec.Cli.Tests;

public class ErrorTests(SmallModel model) : IClassFixture<SmallModel>
{
    [Theory]
    [InlineData("train --bogus 1", "--bogus")]
    [InlineData("train --query u --item i", "--data")]
    [InlineData("train --data {missing} --query u --item i -o {new}", "there is no such file")]
    [InlineData("train --data {csv} --query who --item i -o {new}", "has no column 'who'. Its columns are: u: Int64")]
    [InlineData("train --data {csv} --query u --item u -o {new}", "'u' is named twice")]
    [InlineData("train --data {csv} --query u --item i -o {users}", "is a file. Name a new folder.")]
    [InlineData("train --data {csv} --query u --item i -o {folder}", "holds something that is not a bundle")]
    [InlineData("train --data {csv} --query u --item i -o {csv}/x/y", "is a file")]
    [InlineData("train --data {csv} --query u --item i -o {new} --json {folder}", "is a folder. Name a file.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --epochs 0", "--epochs is 0; at least 1 is needed.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --epochs ten", "--epochs is 'ten'; a whole number was expected.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --dimension -3", "--dimension is -3; at least 1 is needed.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --learning-rate -0.1", "--learning-rate is -0.1; a positive number is needed.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --learning-rate NaN", "--learning-rate is NaN")]
    [InlineData("train --data {csv} --query u --item i -o {new} --learning-rate 0,1", "--learning-rate is '0,1'; a number with a decimal point was expected, such as 0.1.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --test-fraction 0,2", "--test-fraction is '0,2'; a number with a decimal point was expected, such as 0.1.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --validation-fraction .1.2", "--validation-fraction is '.1.2'; a number")]
    [InlineData("train --data {csv} --query u --item i -o {new} --batch-size 1,000", "--batch-size")]
    [InlineData("train --data {csv} --query u --item i -o {new} --split sometimes", "--split is 'sometimes'; random, time, last, cold-items, cold-queries or none was expected.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --split none --test {csv}", "--split none says that nothing is tested")]
    [InlineData("train --data {csv} --query u --item i -o {new} --test {csv} --test-fraction 0.2", "--test-fraction holds out others")]
    [InlineData("train --data {csv} --query u --item i -o {new} --test {missing}", "there is no such file")]
    [InlineData("train --data {csv} --query u --item i -o {new} --split none --export-ranks {new}.csv", "--split none holds none out")]
    [InlineData("train --data {csv} --query u --item i -o {new} --export-ranks {new}.txt", ".txt; a .parquet or .csv file was expected.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --export-split {csv}", "choices.csv is a file. Name a folder.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --seen sometimes", "--seen is 'sometimes'; auto, exclude or include was expected.")]
    [InlineData("train --task ranking --data {csv} --label i -o {new} --split last --time t", "--split last holds out the last row of each query: name the column of queries with --query.")]
    [InlineData("export --bundle {bundle}", "--onnx")]
    [InlineData("export --bundle {bundle} --onnx {csv}", "choices.csv is a file. Name a folder.")]
    [InlineData("recommend --bundle {bundle} --query user_id=1 --include-seen --exclude-seen", "--include-seen and --exclude-seen ask for opposites.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --split time", "'timestamp' is none. The columns are: ")]
    [InlineData("train --data {csv} --query u --item i -o {new} --test-fraction 1", "--test-fraction is 1; it is a share")]
    [InlineData("train --data {csv} --query u --item i -o {new} --validation-fraction 0", "--validation-fraction is 0; it is a share")]
    [InlineData("train --data {csv} --query u --item i -o {new} --test-fraction 0.001", "120 are to train and 0 are held out")]
    [InlineData("train --data {csv} --query u --item i -o {new} --text text", "Column 'text' is said to be something but is not a feature.")]
    [InlineData("train --data {csv} --query u --item i -o {new} --query-features x --text x", "does not hold texts but Float32")]
    [InlineData("train --data {one} --query u --item i -o {new}", "Of 1 rows 1 are to train and 0 are held out")]
    [InlineData("train --data {header} --query u --item i -o {new}", "has no rows to train on")]
    [InlineData("recommend --bundle {bundle}", "Give one of --query, --similar-to and --all.")]
    [InlineData("recommend --bundle {bundle} --query user_id=1 --similar-to 2", "Give one of")]
    [InlineData("recommend --bundle {bundle} --query user_id", "'user_id' is not of the form name=value. The query features are: user_id: String.")]
    [InlineData("recommend --bundle {bundle} --query age=3", "The model reads no feature 'age'")]
    [InlineData("recommend --bundle {bundle} --query user_id=1 user_id=2", "'user_id' is given twice")]
    [InlineData("recommend --bundle {bundle} --query user_id=1 -k 0", "-k is 0; at least 1 is needed.")]
    [InlineData("recommend --bundle {bundle} --query user_id=1 -k -5", "-k is -5; at least 1 is needed.")]
    [InlineData("recommend --bundle {bundle} --similar-to @nobody", "The index holds no item '@nobody'")]
    [InlineData("recommend --bundle {bundle} --similar-to @nobody", "--similar-to takes the id of an item of the bundle.")]
    [InlineData("recommend --bundle {bundle} --all {csv}", "--all needs --output")]
    [InlineData("recommend --bundle {bundle} --all {csv} --output {new}.csv", "has no column 'user_id'")]
    [InlineData("recommend --bundle {bundle} --all {users} --output {new}.txt", ".parquet or .csv was expected")]
    [InlineData("recommend --bundle {bundle} --query user_id=1 --output {new}.csv", "--output is where the answers to --all go")]
    [InlineData("evaluate --bundle {bundle} --data {ratings} --item film", "no column 'film'")]
    [InlineData("inspect {missing}", "there is no such file")]
    [InlineData("datasets generate --output {new} --users 0", "--users is 0; at least 1 is needed.")]
    [InlineData("datasets get nothing", "nothing")]
    [InlineData("quickstart --seeds 0", "--seeds is 0; at least 1 is needed.")]
    public Task A_wrong_command_line_is_one_line_and_exit_code_1(string arguments, string message) => FailsAsync(ExitCode.User, arguments, message);

    [Theory]
    [InlineData("train --data {empty} --query u --item i -o {new}", "found an empty file, expected a header line")]
    [InlineData("inspect {folder}", "The files of a folder are parts of one table")]
    [InlineData("train --data {folder} --query u --item i -o {new}", "The files of a folder are parts of one table")]
    [InlineData("recommend --bundle {folder} --query user_id=1", "it is not a bundle")]
    [InlineData("recommend --bundle {numbers} --all {text} --output {new}.csv", "Column 'u: String' cannot be read as Int64: row 1 has 'ann', expected a whole number of 64 bits.")]
    [InlineData("predict --bundle {bundle} --data {csv} --output {new}.csv", "is the bundle of a recommender, not of a ranker. It is asked with dotrec recommend.")]
    [InlineData("inspect {latin}", "or say which encoding it has (--encoding windows-1252)")]
    [InlineData("evaluate --bundle {numbers} --data {text}", "row 1 has 'ann'")]
    public async Task Unusable_data_is_one_line_and_exit_code_2(string arguments, string message)
    {
        using var folder = new TemporaryFolder();
        if (arguments.Contains("{numbers}", StringComparison.Ordinal))
        {
            Assert.Equal((0, ""), await Tool.RunAsync($"train --data {model.Csv} --query u --item i --output {folder["numbers"]}"));
        }

        await FailsAsync(ExitCode.Data, arguments.Replace("{numbers}", folder["numbers"], StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData("query.onnx")]
    [InlineData("items.index")]
    [InlineData("query.0.table")]
    [InlineData("query.0.vocabulary")]
    [InlineData("items.popularity")]
    [InlineData("seen.items")]
    [InlineData(BundleDescription.FileName)]
    public async Task A_flipped_byte_and_a_cut_file_are_found(string file)
    {
        foreach (var damage in (Func<byte[], byte[]>[])[bytes => [.. bytes[..^7], (byte)(bytes[^7] ^ 1), .. bytes[^6..]], bytes => bytes[..(bytes.Length / 2)]])
        {
            using var folder = new TemporaryFolder();
            Copy(model.Bundle, folder["bundle"]);
            var path = Path.Combine(folder["bundle"], file);
            await File.WriteAllBytesAsync(path, damage(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
            await FailsAsync(ExitCode.Data, $"recommend --bundle {folder["bundle"]} --query user_id=1", file);
        }
    }

    [Fact]
    public async Task A_checkpoint_of_other_settings_is_refused_and_kept()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((0, ""), await Tool.RunAsync($"{model.Train(folder["a"])} --checkpoint {folder["state"]}"));
        var before = await File.ReadAllBytesAsync(folder["state"], TestContext.Current.CancellationToken);
        await FailsAsync(ExitCode.User, $"{model.Train(folder["b"])} --dimension 8 --checkpoint {folder["state"]}", "belongs to another fit");
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["state"], TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(folder["b"]));
    }

    private async Task FailsAsync(ExitCode expected, string arguments, string message)
    {
        using var folder = new TemporaryFolder();
        var cancellation = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(folder["empty.csv"], "", cancellation);
        await File.WriteAllTextAsync(folder["header.csv"], "u,i\n", cancellation);
        await File.WriteAllTextAsync(folder["one.csv"], "u,i\n1,2\n", cancellation);
        await File.WriteAllTextAsync(folder["text.csv"], "u,i\nann,2\nbob,3\n", cancellation);
        await File.WriteAllBytesAsync(folder["latin.csv"], [.. "u,i\ncaf"u8, 0xe9, .. ",2\n"u8], cancellation);
        foreach (var (name, path) in new[]
        {
            ("missing", folder["missing.csv"]), ("folder", Path.GetDirectoryName(model.Ratings)!), ("new", folder["new"]), ("csv", model.Csv),
            ("empty", folder["empty.csv"]), ("header", folder["header.csv"]), ("one", folder["one.csv"]), ("text", folder["text.csv"]),
            ("latin", folder["latin.csv"]), ("bundle", model.Bundle), ("users", model.Users), ("ratings", model.Ratings),
        })
        {
            arguments = arguments.Replace($"{{{name}}}", path, StringComparison.Ordinal);
        }

        var (code, error) = await Tool.RunAsync(arguments);
        Assert.Equal(expected, (ExitCode)code);
        Assert.StartsWith("dotrec: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.AsSpan().TrimEnd().Count('\n') + 1);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter '", error, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[A-Z][a-z]+(Options|Item)\b|\.Load\b", error);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["new"])!, "new*"));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
