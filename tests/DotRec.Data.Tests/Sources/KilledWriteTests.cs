using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Data.Tests;

/// <summary>Another process writes two tables to one file, in turn.</summary>
public sealed class KilledWriteTests : IDisposable
{
    private const string TargetVariable = "DOTREC_TEST_TABLE_TARGET";
    private const int Rows = 20_000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ModuleInitializer]
    internal static void WriteUntilKilled() => UntilKilled.Work(TargetVariable, target =>
    {
        var tables = new[] { Table(1), Table(2) };
        return i => WriteAsync(tables[i % 2], target).GetAwaiter().GetResult();
    });

    [Theory]
    [InlineData("table.csv")]
    [InlineData("table.parquet")]
    public async Task A_write_killed_at_any_moment_leaves_a_whole_table_and_its_rest_is_removed_by_a_later_one(string name)
    {
        var target = _folder[name];
        var random = new SeededRandom(5);
        for (var kill = 0; kill < 4; kill++)
        {
            using var writer = await UntilKilled.StartAsync(TargetVariable, target, TestContext.Current.CancellationToken);
            await Task.Delay(random.NextInt(60), TestContext.Current.CancellationToken);
            writer.Kill();
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
            var read = await TableFile.ReadAsync(target, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(Rows, read.RowCount);
            var values = ((Column<long>)read["value"]).Values.ToArray();
            Assert.Contains(values[0], new[] { 1L, 2L });
            Assert.Equal(Enumerable.Range(0, Rows).Select(i => values[0] * (i + 1)), values);
        }

        foreach (var left in Directory.EnumerateFiles(_folder.Path, ".*"))
        {
            File.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5));
        }

        await WriteAsync(Table(1), target);
        Assert.Equal([name, $"{name}.ready"], _folder.Entries);
    }

    private static FeatureBatch Table(long factor) => new(new Column<long>("value", [.. Enumerable.Range(0, Rows).Select(i => factor * (i + 1))]));

    private static Task WriteAsync(FeatureBatch table, string path) =>
        path.EndsWith(".csv", StringComparison.Ordinal) ? Csv.WriteAsync(table, path) : ParquetFile.WriteAsync(table, path);
}
