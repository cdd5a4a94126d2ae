using System.CommandLine;

namespace DotRec.Cli;

/// <summary>Options that say what a row is worth to training: its label, and its weight.</summary>
internal sealed class LabelOptions
{
    private readonly Option<string?> _label = new("--label")
    {
        Description = "Ranking, required: column to predict. Two values are classes, more numbers a rating. Retrieval: column that says whether the row's item was chosen or only shown, such as a click; without it every row is a choice. What was not chosen is a negative of its query.",
        HelpName = "column",
    };

    private readonly Option<string?> _positive = new("--positive") { Description = "The label whose probability is predicted, or that stands for chosen, for example \"yes\".", HelpName = "value" };

    private readonly Option<string?> _weight = new("--weight")
    {
        Description = "Column that says how much a row counts in training, such as a dwell time or a rating: numbers from 0 on. Figures on test rows count each row once. Of retrieval models two towers read it.",
        HelpName = "column",
    };

    public IReadOnlyList<Option> All => [_label, _positive, _weight];

    /// <summary>The column of labels, if one is named.</summary>
    public string? Label(ParseResult parsed) => parsed.GetValue(_label);

    /// <summary>The label that counts, if it is said.</summary>
    public string? Positive(ParseResult parsed) => parsed.GetValue(_positive);

    /// <summary>The column of weights, if one is named.</summary>
    public string? Weight(ParseResult parsed) => parsed.GetValue(_weight);
}
