using System.CommandLine;
using DotRec.Data;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Options that say which rows are held out of training, for the test and for validation.</summary>
internal sealed class HoldOutOptions
{
    private const string Random = "random";
    private const string Latest = "time";
    private const string Last = "last";
    private const string DayFirst = "day-first";
    private const string MonthFirst = "month-first";

    private readonly Option<string> _split = new("--split")
    {
        Description = "Which rows are held out for the test. random: any; time: the latest; last: the last of each query (retrieval only).",
        DefaultValueFactory = _ => Random,
    };

    private readonly Option<string> _time = new("--time") { Description = "Column of times, for --split time and --split last.", HelpName = "column", DefaultValueFactory = _ => "timestamp" };

    private readonly Option<string?> _dateOrder = new("--date-order") { Description = "Whether dates such as 5/1/2024 in the column of times have the day or the month first: day-first or month-first. Without it the column tells." };

    private readonly Option<double> _testFraction = new("--test-fraction") { Description = "Share of the rows held out, for --split random and --split time.", HelpName = "0…1", DefaultValueFactory = _ => 0.1 };

    private readonly Option<double?> _validationFraction = new("--validation-fraction")
    {
        Description = "Hold out this share of the training rows too, by the same --split, and stop when epochs are no better on them; the best epoch is kept. Ranking: 0.1 without it. Retrieval: none; averaging of the last weights is off with it.",
        HelpName = "0…1",
    };

    public HoldOutOptions()
    {
        _split.OneOf(Random, Latest, Last);
        _dateOrder.OneOf(DayFirst, MonthFirst);
    }

    public IReadOnlyList<Option> All => [_split, _time, _dateOrder, _testFraction, _validationFraction];

    /// <summary>What is held out for the test.</summary>
    public HoldOut Read(ParseResult parsed)
    {
        var (fraction, time) = (Share(_testFraction.Name, parsed.GetValue(_testFraction)), parsed.GetRequiredValue(_time));
        return parsed.GetRequiredValue(_split) switch
        {
            Latest => HoldOut.Latest(fraction, time, Order(parsed)),
            Last => HoldOut.LastOfEach(time, Order(parsed)),
            _ => HoldOut.Random(fraction),
        };
    }

    /// <summary>What a ranking model is tested on.</summary>
    /// <exception cref="UserException">A share is none, or the split is not for ranking.</exception>
    public HoldOut ReadRanking(ParseResult parsed) => parsed.GetRequiredValue(_split) != Last ? Read(parsed)
        : throw new UserException("--split last is for --task retrieval; random or time was expected.");

    /// <summary>The share that training is stopped by, if it is said.</summary>
    public double? Validation(ParseResult parsed) => parsed.GetValue(_validationFraction) is { } share ? Share(_validationFraction.Name, share) : null;

    private DateOrder? Order(ParseResult parsed) => parsed.GetValue(_dateOrder) switch
    {
        DayFirst => DateOrder.DayFirst,
        MonthFirst => DateOrder.MonthFirst,
        _ => null,
    };

    private static double Share(string option, double value) => value is > 0 and < 1 ? value : throw new UserException(
        FormattableString.Invariant($"{option} is {value}; it is a share of the rows between 0 and 1, both excluded."));
}
