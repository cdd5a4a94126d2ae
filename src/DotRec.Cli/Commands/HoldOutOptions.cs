using System.CommandLine;

namespace DotRec.Cli;

/// <summary>Options that say which rows are held out of training, for the test and for validation.</summary>
internal sealed class HoldOutOptions
{
    private readonly Option<string> _split = new("--split")
    {
        Description = "Which rows are held out for the test. random: any; time: the latest; last: the last of each query.",
        DefaultValueFactory = _ => HoldOut.Random,
    };

    private readonly Option<string> _time = new("--time") { Description = "Column of times, for --split time and --split last.", HelpName = "column", DefaultValueFactory = _ => "timestamp" };

    private readonly Option<double> _testFraction = new("--test-fraction") { Description = "Share of the rows held out, for --split random and --split time.", HelpName = "0…1", DefaultValueFactory = _ => 0.1 };

    private readonly Option<double?> _validationFraction = new("--validation-fraction")
    {
        Description = "Hold out this share of the training rows too, by the same --split, and stop when two epochs in a row are no better on them; the best epoch is kept. Averaging of the last weights is off then.",
        HelpName = "0…1",
    };

    public HoldOutOptions() => _split.OneOf(HoldOut.Random, HoldOut.Latest, HoldOut.Last);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_split, _time, _testFraction, _validationFraction])
        {
            command.Add(option);
        }
    }

    /// <summary>What is held out for the test, and for validation if that is wanted.</summary>
    public (HoldOut Test, HoldOut? Validation) Read(ParseResult parsed, string queryId)
    {
        var test = new HoldOut(
            parsed.GetRequiredValue(_split), Share(_testFraction.Name, parsed.GetValue(_testFraction)), queryId, parsed.GetRequiredValue(_time));
        return (test, parsed.GetValue(_validationFraction) is { } share ? test with { Fraction = Share(_validationFraction.Name, share) } : null);
    }

    private static double Share(string option, double value) => value is > 0 and < 1 ? value : throw new UserException(
        FormattableString.Invariant($"{option} is {value}; it is a share of the rows between 0 and 1, both excluded."));
}
