using System.Reflection;
using BenchmarkDotNet.Running;
using DotRec.Benchmarks;

return args.FirstOrDefault() switch
{
    "--version" => Version(),
    "index" => await IndexCommandLine.RunAsync(args, Console.Error),
    "numbers" => await NumbersCommand.RunAsync(args[1..]),
    "gemm" => GemmTable.Print(),
    "attention" => AttentionTable.Print(),
    "softmax" => SoftmaxTable.Print(),
    "preprocessing" => PreprocessingTable.Print(),
    "csv" => CsvTable.Print(),
    "csv-peers" => CsvPeerTable.Print(args.ElementAtOrDefault(1)),
    "serving" => ServingTable.Print(),
    "opening" => OpeningTable.Print(args[1..]),
    "bruteforce" => BruteForceTable.Print(),
    "packedlookup" => PackedLookupTable.Print(),
    "dcn" => DenseNetworkTable.Print(),
    "scann-build" => ScannBuildTable.Print(args[1..]),
    "scann-memory" => ScannMemoryTable.Print(args[1..]),
    "scann-search" => ScannSearchTable.Print(args[1..]),
    "scann-warm" => ScannWarmTable.Print(args[1..]),
    "scann-ablation" => ScannAblation.Print(args[1..]),
    "training" => TrainingTable.Print(),
    "history-fits" => HistoryFitTable.Print(),
    "histories" => HistoryTable.Print(args[1..]),
    "sequences" => SequenceTable.Print(args[1..]),
    "cold-start" => await ColdStartTable.PrintAsync(args[1..]),
    "click-models" => await ClickModelTable.PrintAsync(args[1..]),
    _ => Run(args),
};

// As the tool says it: 0.1.0+COMMIT.
static int Version()
{
    Console.WriteLine(typeof(GemmTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
    return 0;
}

static int Run(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(GemmTable).Assembly).Run(args);
    return 0;
}
