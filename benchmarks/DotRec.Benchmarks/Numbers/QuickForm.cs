using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>A benchmark that ends within minutes and whose tables stand in documents.</summary>
/// <param name="Name">The name of its result file.</param>
/// <param name="Command">What runs it, from the root of the repository.</param>
/// <param name="RunAsync">Measures, and gives its tables by name.</param>
internal sealed record QuickForm(string Name, string Command, Func<Task<IReadOnlyDictionary<string, ResultTable>>> RunAsync)
{
    private const string Program = "dotnet run -c Release --project benchmarks/DotRec.Benchmarks -- numbers";

    /// <summary>All of them.</summary>
    public static readonly QuickForm[] All =
    [
        Of("movielens", MovieLensNumbers.RunAsync),
        Of("opening", () => OpeningTable.Measure([1_000, 100_000, 1_000_000])),
        Of("serving", ServingTable.Measure),
        Of("training", TrainingTable.Measure),
        Of("csv", CsvTable.Measure),
        Of("gemm", GemmTable.Measure),
        Of("in-batch-softmax", SoftmaxTable.Measure),
        Of("click-models", () => ClickModelTable.MeasureAsync(DataFolder.Find(named: null), seeds: 3)),

        // Published figures of the same protocol: Klenitskiy and Vasilev (2023), and for Beauty the reproduction of BERT4Rec with RecTools.
        Of("sequences-movielens", () => Task.Run(() => SequenceNumbers.Measure("ml-1m", refits: false, ("SASRec, full softmax", 0.3152, 0.1821)))),
        Of("sequences-beauty", () => Task.Run(() => SequenceNumbers.Measure("beauty-54k", refits: true, ("SASRec, softmax over negatives", 0.0533, 0.0327), ("SASRec, RecTools", 0.0595, 0.0359)))),
        Of("sequences-games", () => Task.Run(() => SequenceNumbers.Measure("games", refits: true))),
    ];

    /// <summary>Measures, and gives the object of the result file.</summary>
    public async Task<JsonObject> MeasureAsync()
    {
        var before = Machine.Load();
        var tables = await RunAsync();
        var machine = Machine.Describe();
        machine["loadBefore"] = before;
        machine["loadAfter"] = Machine.Load();
        machine.Remove("dotrec");
        return new JsonObject
        {
            ["command"] = Command,
            ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["commit"] = Machine.Commit(),
            ["machine"] = machine,
            ["tables"] = new JsonObject([.. tables.Select(table => KeyValuePair.Create<string, JsonNode?>(table.Key, table.Value.ToJson()))]),
        };
    }

    private static QuickForm Of(string name, Func<Task<IReadOnlyDictionary<string, ResultTable>>> run) => new(name, $"{Program} {name}", run);

    private static QuickForm Of(string name, Func<ResultTable> run) =>
        Of(name, () => Task.FromResult<IReadOnlyDictionary<string, ResultTable>>(new Dictionary<string, ResultTable>(StringComparer.Ordinal) { [name] = run() }));
}
