using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary><c>DotRec.Benchmarks index</c>: recall against speed of an index, on vectors of one's own or made-up ones.</summary>
internal static class IndexCommand
{
    private const string Scann = "scann";
    private const string BruteForce = "bruteforce";

    public static Command Create()
    {
        var corpus = new CorpusOptions();
        var build = new ScannBuildOptions();
        var more = new FurtherOptions();
        var kind = new Option<string>("--index") { Description = "Index to measure.", DefaultValueFactory = _ => Scann };
        kind.AcceptOnlyFromAmong(Scann, BruteForce);
        var k = new Option<int>("--k", "-k") { Description = "Candidates a query.", DefaultValueFactory = _ => 10 };
        var threads = new Option<int>("--threads") { Description = "Threads that ask queries, each one query at a time.", DefaultValueFactory = _ => 1 };
        var buildThreads = new Option<int?>("--build-threads") { Description = "Threads that build; one a processor without it.", HelpName = "n" };
        var passes = new Option<int>("--passes") { Description = "Times every query is asked; its median time counts.", DefaultValueFactory = _ => 5 };
        var target = new Option<string>("--target") { Description = "Recalls to report the fastest setting for.", DefaultValueFactory = _ => "0.9,0.95,0.99" };
        var export = new Option<string?>("--export") { Description = "Also write vectors and right answers as .npy files, to measure other libraries on.", HelpName = "dir" };
        var plot = new Option<string?>("--plot") { Description = "Also draw the front, as PNG or SVG.", HelpName = "path" };
        var peers = new Option<string?>("--peers") { Description = "Result of benchmarks/peers, to draw beside.", HelpName = "path" };
        var seed = new Option<ulong>("--seed") { Description = "Decides every random choice.", HelpName = "n", DefaultValueFactory = _ => 42 };
        var json = new Option<string?>("--json") { Description = "Also write the result as one JSON object to this file.", HelpName = "path" };
        var command = new Command("index", "Measure recall and speed of an index against exact answers.") { kind, k, threads, buildThreads, passes, target, export, plot, peers, seed, json };
        corpus.AddTo(command);
        build.AddTo(command);
        more.AddTo(command);
        // On another thread, so that Ctrl+C is heard from the first moment on.
        command.SetAction((parsed, token) => Task.Run(() => RunAsync(parsed, token), CancellationToken.None));
        return command;

        async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
        {
            foreach (var option in (Option<int>[])[k, threads, passes])
            {
                Require(parsed.GetValue(option), option);
            }

            // Before minutes of work, not after.
            if (parsed.GetValue(peers) is { } missing && !File.Exists(missing))
            {
                throw new UsageException($"{missing}: there is no such file. --peers expects a result of benchmarks/peers/peers.py.");
            }

            var isExact = parsed.GetValue(kind) == BruteForce;
            var further = more.Read(parsed, isExact);
            var targets = RecallTarget.Parse(parsed.GetRequiredValue(target));
            Parallelism.MaxDegreeOfParallelism = Require(parsed.GetValue(buildThreads) ?? Environment.ProcessorCount, buildThreads);
            var vectors = await corpus.ReadAsync(parsed, parsed.GetValue(seed), cancellation);
            if (vectors.QueryCount < 2)
            {
                throw new UsageException($"There is {vectors.QueryCount} query; at least 2 are needed, one to choose settings by and one to report.");
            }

            var options = isExact ? null : build.Read(parsed, parsed.GetValue(seed));
            using var benchmark = new IndexBenchmark(vectors, parsed.GetValue(k), parsed.GetValue(threads), parsed.GetValue(passes));
            benchmark.Run(options, cancellation);
            var reached = Array.ConvertAll(targets, one => RecallTarget.Choose(one, benchmark.Settings));
            IndexReport.Print(vectors, benchmark, reached);
            further.Run(vectors, benchmark.Index.Index, options, parsed.GetValue(k), parsed.GetValue(passes), parsed.GetValue(seed), cancellation);
            FurtherReport.Print(further);
            if (parsed.GetValue(export) is { } folder)
            {
                CorpusExport.Write(folder, vectors, benchmark.Truth);
                Terminal.Say($"vectors and right answers: {folder}");
            }

            if (parsed.GetValue(plot) is { } picture)
            {
                FrontPlot.Save(picture, vectors, parsed.GetValue(k), benchmark.Front(), parsed.GetValue(peers));
                Terminal.Say($"front: {picture}");
            }

            var result = benchmark.ToJson(reached);
            further.AddTo(result);
            result.Insert(0, "command", "index");
            result.Insert(1, "index", parsed.GetValue(kind));
            result.Insert(2, "options", Describe(options));
            ResultFile.Write(parsed.GetValue(json), result);
        }
    }

    private static JsonObject? Describe(ScannOptions? options) => options is null ? null : new JsonObject
    {
        ["tier"] = $"{options.Tier}",
        ["partitionCount"] = options.PartitionCount,
        ["partitionEta"] = options.PartitionEta,
        ["encodingEta"] = options.EncodingEta,
        ["soar"] = options.Soar,
        ["rescoringFormat"] = $"{options.RescoringFormat}",
        ["seed"] = options.Seed,
    };

    private static int Require(int value, Option option) =>
        value >= 1 ? value : throw new UsageException($"{option.Name} is {value}; at least 1 is needed.");
}
