// The files are tiny: a test that is cancelled between two of them is done anyway.
#pragma warning disable xUnit1051

using System.Text;
using CsCheck;
using Parquet;
using Parquet.Schema;

namespace DotRec.Data.Tests;

public class ParquetFileTests
{
    private static readonly Gen<FeatureBatch> Batches = Gen.Int[0, 20].SelectMany(rows => Gen.Select(
        Gen.String.Array[rows], Gen.Long.Array[rows], Gen.Select(Gen.Float, Gen.Double).Array[rows], Gen.String.Array[0, 4].Array[rows], Gen.Long.Array[0, 4].Array[rows]))
        .Select((texts, integers, floats, lists, numbers) => new FeatureBatch(
            new Column<string>("texts", [.. texts.Select(Valid)]), new Column<long>("integers", integers), new Column<float>("floats", Array.ConvertAll(floats, pair => pair.Item1)), new Column<double>("doubles", Array.ConvertAll(floats, pair => pair.Item2)),
            Jagged("lists", Array.ConvertAll(lists, list => Array.ConvertAll(list, Valid))), Jagged("numbers", numbers)));

    [Fact]
    public async Task What_is_written_is_read_back() => await Batches.SampleAsync(async batch =>
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");

        await ParquetFile.WriteAsync(batch, path);

        AssertEqual(batch, await ParquetFile.ReadAsync(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }, iter: 50);

    [Fact]
    public async Task Row_groups_stream_out_and_in_one_by_one()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        FeatureBatch[] groups = [Numbers(0, 3), Numbers(3, 1), Numbers(4, 5)];

        await ParquetFile.WriteAsync(groups, path);

        var read = new List<FeatureBatch>();
        await foreach (var group in ParquetFile.ReadRowGroupsAsync(path, ["n"]))
        {
            read.Add(group);
        }

        Assert.Equal([3, 1, 5], read.Select(group => group.RowCount));
        Assert.Equal(Enumerable.Range(0, 9).Select(row => (long)row), FeatureBatch.Concatenate(read).Get<long>("n").Values.ToArray());
        Assert.Equal("n: Int64", string.Join(", ", read[0].Schema));
    }

    [Fact]
    public async Task Every_kind_of_column_finds_its_type_and_missing_values_their_stand_in()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        var element = new DataField("element", typeof(float?));
        var schema = new ParquetSchema(
            new DataField<bool>("flag"), new DataField<short>("small"), new DataField<ulong>("big"), new DataField<double>("double"), new DataField<decimal>("price"),
            new DataField<DateTime>("time"), new DataField<Guid>("id"), new DataField("bytes", typeof(byte[])), new DataField("text", typeof(string)),
            new DataField("score", typeof(float?)), new DataField("repeated", typeof(int), isArray: true), new ListField("list", element));
        var file = File.Create(path);
        await using (file)
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, file);
            using var group = writer.CreateRowGroup();
            DataField Field(int number) => (DataField)schema.Fields[number];
            await group.WriteAsync<bool>(Field(0), new[] { true, false });
            await group.WriteAsync<short>(Field(1), new short[] { -1, 2 });
            await group.WriteAsync<ulong>(Field(2), new ulong[] { 1, long.MaxValue });
            await group.WriteAsync<double>(Field(3), new[] { 0.5, -2 });
            await group.WriteAsync<decimal>(Field(4), new[] { 1.25m, 3 });
            await group.WriteAsync<DateTime>(Field(5), new[] { DateTime.UnixEpoch.AddSeconds(7), DateTime.UnixEpoch });
            await group.WriteAsync<Guid>(Field(6), new[] { Guid.Empty, Guid.Empty });
            await group.WriteAsync(Field(7), [Encoding.UTF8.GetBytes("é"), []]);
            await group.WriteAsync(Field(8), ["x", null!]);
            await group.WriteAsync<float>(Field(9), new float?[] { null, 2 });
            await group.WriteAsync<int>(Field(10), new[] { 5, 6, 7 }, new[] { 0, 1, 0 });
            await group.WriteAllPartsAsync<float>(element, new float[] { 9 }, new[] { 3, 2, 0 }, new[] { 0, 1, 0 }, default);
        }

        var data = await ParquetFile.ReadAsync(path);

        Assert.Equal(
            "flag: Int64, small: Int64, big: Int64, double: Float64, price: Float64, time: Int64, id: String, bytes: String, text: String, score: Float32, " +
            "repeated: Int64[], list: Float32[]",
            string.Join(", ", data.Schema));
        Assert.Equal([1L, 0L], data.Get<long>("flag").Values.ToArray());
        Assert.Equal([-1L, 2L], data.Get<long>("small").Values.ToArray());
        Assert.Equal([1L, long.MaxValue], data.Get<long>("big").Values.ToArray());
        Assert.Equal([0.5, -2], data.Get<double>("double").Values.ToArray());
        Assert.Equal([1.25, 3], data.Get<double>("price").Values.ToArray());
        Assert.Equal([7L, 0L], data.Get<long>("time").Values.ToArray());
        Assert.Equal(["é", ""], data.Get<string>("bytes").Values.ToArray());
        Assert.Equal(["x", ""], data.Get<string>("text").Values.ToArray());
        Assert.Equal([float.NaN, 2f], data.Get<float>("score").Values.ToArray());
        Assert.Equal([5L, 6L], data.Get<long>("repeated").Row(0).ToArray());
        Assert.Equal([9f, float.NaN], data.Get<float>("list").Row(0).ToArray());
        Assert.True(data.Get<float>("list").Row(1).IsEmpty);
    }

    [Fact]
    public async Task Integers_with_missing_ones_are_float64_and_structures_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        var schema = new ParquetSchema(new DataField("n", typeof(int?)), new StructField("place", new DataField<int>("x")));
        var file = File.Create(path);
        await using (file)
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, file);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>((DataField)schema.Fields[0], new int?[] { 1, null });
            await group.WriteAllPartsAsync<int>(
                (DataField)((StructField)schema.Fields[1]).Fields[0], new[] { 1, 2 }, new[] { 1, 1 }, null, default);
        }

        var numbers = await ParquetFile.ReadAsync(path, ["n"]);
        Assert.Equal([1, double.NaN], numbers.Get<double>("n").Values.ToArray());
        Assert.Equal(
            $"{path}: column 'place' holds structures, maps or lists of lists, which no feature column can. Choose the columns to read.", (await Fails(path, "place")).Message);
        Assert.Equal($"{path}: there is no column 'm'. The columns are: n, place.", (await Fails(path, "m")).Message);
    }

    [Fact]
    public async Task Missing_and_foreign_files_are_told()
    {
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<FileNotFoundException>(() => ParquetFile.ReadAsync(Path.Combine(folder.Path, "none.parquet")));
        Assert.Contains("found a folder, expected a file", (await Fails(folder.Path)).Message);
        var path = folder.Write("f.parquet", "a,b\n1,2\n3,4\n");
        Assert.StartsWith($"{path}: found a file that cannot be read as Parquet (", (await Fails(path)).Message);
        Assert.StartsWith($"{path}: found a file that cannot be read as Parquet (", (await Fails(folder.Write("f.parquet", ""))).Message);
    }

    [Fact]
    public async Task A_cut_or_damaged_file_gives_rows_or_an_error_that_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        await ParquetFile.WriteAsync(Numbers(0, 100), path);
        var whole = await File.ReadAllBytesAsync(path);

        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).SampleAsync(async (at, value, cut) =>
        {
            var bytes = cut ? whole[..at] : [.. whole];
            if (!cut)
            {
                bytes[at] = value;
            }

            var broken = folder.Write($"{Guid.NewGuid():N}.parquet", bytes);
            try
            {
                await ParquetFile.ReadAsync(broken);
                Assert.False(cut);
            }
            catch (DataFormatException error)
            {
                Assert.StartsWith(broken, error.Message);
            }
        }, iter: 200);
    }

    [Fact]
    public async Task Row_groups_of_other_columns_are_refused_and_leave_the_former_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("f.parquet", "former");
        var error = await Assert.ThrowsAsync<ArgumentException>(() => ParquetFile.WriteAsync([Numbers(0, 1), Numbers(0, 1).Rename("n", "m")], path));
        Assert.StartsWith("Row groups of one file have the same columns, not (n: Int64, x: Float32) and (m: Int64, x: Float32).", error.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => ParquetFile.WriteAsync([], path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal("former", await File.ReadAllTextAsync(path));
    }

    private static Task<DataFormatException> Fails(string path, params string[] columns) =>
        Assert.ThrowsAsync<DataFormatException>(() => ParquetFile.ReadAsync(path, columns.Length == 0 ? null : columns));

    private static FeatureBatch Numbers(int start, int count) =>
        FeatureBatch.From(Enumerable.Range(start, count).Select(number => new { n = number, x = number / 2f }));

    // A string with half a surrogate pair is no text and does not survive UTF-8.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static Column<T> Jagged<T>(string name, T[][] rows)
        where T : notnull
    {
        var offsets = new int[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            offsets[row + 1] = offsets[row] + rows[row].Length;
        }

        return new Column<T>(name, [.. rows.SelectMany(row => row)], offsets);
    }

    private static void AssertEqual(FeatureBatch expected, FeatureBatch actual)
    {
        Assert.Equal(expected.Schema, actual.Schema);
        foreach (var (left, right) in expected.Columns.Zip(actual.Columns))
        {
            switch (left)
            {
                case Column<string> strings: AssertEqual(strings, (Column<string>)right); break;
                case Column<long> integers: AssertEqual(integers, (Column<long>)right); break;
                case Column<double> doubles: AssertEqual(doubles, (Column<double>)right); break;
                case Column<float> floats: AssertEqual(floats, (Column<float>)right); break;
            }
        }
    }

    private static void AssertEqual<T>(Column<T> expected, Column<T> actual)
        where T : notnull
    {
        Assert.Equal(expected.Values.ToArray(), actual.Values.ToArray());
        Assert.Equal(expected.Offsets.ToArray(), actual.Offsets.ToArray());
    }
}
