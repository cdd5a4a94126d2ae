using System.CommandLine;

namespace DotRec.Cli;

/// <summary>Which model <c>dotrec train</c> makes, and how long it may look for the best one.</summary>
internal sealed class ModelOptions
{
    /// <summary>The name that stands for the best of all.</summary>
    public const string Auto = "auto";

    private const double DefaultSeconds = 600;

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model. auto: the best of all on validation rows, simple ones included. Retrieval: two-tower, popularity, item-knn, sequential-rules, ease, item-transition, ials, bpr (not tried by auto), sasrec (a network over what a query had, in order), blend (the best of two-tower, ials and sasrec with the best of those from item to item). Ranking: logistic: logistic or linear regression; wide-deep: a linear part beside deep layers; dcn: cross layers, then deep ones; dcn-parallel: side by side; field-aware: products of vectors that categories have for each other's columns; dlrm: products of embeddings; mlp: deep layers alone.",
        HelpName = "name",
        DefaultValueFactory = _ => Auto,
    };

    private readonly Option<double> _seconds = new("--search-seconds")
    {
        Description = "With --model auto: how long the search and the last fit may take together. What would take longer is left out, and told.",
        HelpName = "seconds",
        DefaultValueFactory = _ => DefaultSeconds,
    };

    public IReadOnlyList<Option> All => [_model, _seconds];

    /// <summary>The model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="task">The task, for the message.</param>
    /// <param name="names">The models of the task.</param>
    /// <exception cref="UserException">The task has no such model.</exception>
    public string Model(ParseResult parsed, string task, IReadOnlyList<string> names)
    {
        var name = parsed.GetRequiredValue(_model);
        return names.Contains(name, StringComparer.Ordinal) ? name : throw new UserException($"--model is '{name}'; the models of {task} are {string.Join(", ", names)}.");
    }

    /// <summary>The budget of the search.</summary>
    /// <exception cref="UserException">It is not above 0.</exception>
    public TimeSpan Budget(ParseResult parsed)
    {
        const double Most = 1e9;
        var seconds = parsed.GetValue(_seconds);
        return seconds is > 0 and <= Most ? TimeSpan.FromSeconds(seconds) : throw new UserException(FormattableString.Invariant($"--search-seconds is {seconds}; a positive number is needed."));
    }
}
