using System.CommandLine;

namespace DotRec.Cli;

/// <summary>Options that change single settings of a preset.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<int?> _dimension = new("--dimension") { Description = "Width of the embeddings; 32 by default.", HelpName = "n" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Passes over the data; 3 by default.", HelpName = "n" };
    private readonly Option<int?> _batchSize = new("--batch-size") { Description = "Rows a step.", HelpName = "n" };
    private readonly Option<string?> _optimizer = new("--optimizer") { Description = "How weights are updated." };
    private readonly Option<double?> _learningRate = new("--learning-rate") { Description = "Size of the optimizer's steps.", HelpName = "rate" };

    public SettingsOptions() => _optimizer.AcceptOnlyFromAmong("adagrad", "adam", "sgd");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_dimension, _epochs, _batchSize, _optimizer, _learningRate])
        {
            command.Add(option);
        }
    }

    public RetrievalSettings Read(ParseResult parsed, RetrievalSettings preset) => preset with
    {
        Dimension = Positive(parsed, _dimension) ?? preset.Dimension,
        Epochs = Positive(parsed, _epochs) ?? preset.Epochs,
        BatchSize = Positive(parsed, _batchSize) ?? preset.BatchSize,
        Optimizer = parsed.GetValue(_optimizer) ?? preset.Optimizer,
        LearningRate = parsed.GetValue(_learningRate) ?? preset.LearningRate,
    };

    private static int? Positive(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) is not <= 0
        ? parsed.GetValue(option)
        : throw new UserException($"{option.Name} is {parsed.GetValue(option)}; at least 1 is needed.");
}
