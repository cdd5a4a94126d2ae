using System.CommandLine;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>Options of <c>dotrec train</c> that its tasks share.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "Save the state of training to this file after each epoch. If it exists, go on from it; data and settings must be the same.",
        HelpName = "path",
    };

    private readonly Option<string?> _output = new("--output", "-o") { Description = "Where the bundle goes; a bundle there is replaced. Without it: models/retrieval/1 or models/ranking/1.", HelpName = "dir" };

    public Option<string> Data { get; } = new("--data")
    {
        Description = "The rows: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one. Retrieval: who chose what, one row a choice.",
        HelpName = "path",
        Required = true,
    };

    public FeatureOptions Features { get; } = new();

    public LabelOptions Labels { get; } = new();

    public TableOptions Table { get; } = new();

    public HoldOutOptions HoldOut { get; } = new();

    public ModelOptions Model { get; } = new();

    public SettingsOptions Settings { get; } = new();

    public Option<ulong> Seed { get; } = CommonOptions.Seed(42);

    public Option<string?> Json { get; } = CommonOptions.Json();

    /// <summary>All of these, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [Data, .. Table.All, .. Features.All, .. Labels.All, .. HoldOut.All, .. Model.All, .. Settings.All, _checkpoint, Seed, _output, Json];

    /// <summary>Those that only retrieval has.</summary>
    public IReadOnlyList<Option> OfRetrieval => [.. Features.OfRetrieval, .. Settings.OfRetrieval];

    /// <summary>Where the bundle goes; checked before the work.</summary>
    public string Bundle(ParseResult parsed, string task)
    {
        var bundle = parsed.GetValue(_output) ?? Path.Combine("models", task, "1");
        Destination.RequireBundle(bundle);
        return bundle;
    }

    /// <summary>Where the state of training goes, if it is kept; checked before the work.</summary>
    /// <exception cref="UserException">No file can be written there.</exception>
    public CheckpointOptions? CheckpointOf(ParseResult parsed) => parsed.GetValue(_checkpoint) is not { } path ? null
        : Destination.ProblemOfFile(path) is { } problem ? throw new UserException($"{_checkpoint.Name} {problem}")
        : new CheckpointOptions(path);
}
