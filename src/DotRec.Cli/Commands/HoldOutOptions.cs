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
    private const string ColdItems = "cold-items";
    private const string ColdQueries = "cold-queries";
    private const string None = "none";
    private const string DayFirst = "day-first";
    private const string MonthFirst = "month-first";

    private readonly Option<string> _split = new("--split")
    {
        Description = "Which rows are held out for the test. random: any; time: the latest; last: the last of each --query; cold-items: all rows of some items, to measure how items are recommended that nobody had yet; cold-queries: all rows of some of --query; none: no rows, all train and nothing is measured.",
        DefaultValueFactory = _ => Random,
    };

    private readonly Option<string> _time = new("--time") { Description = "Column of times, for --split time and --split last.", HelpName = "column", DefaultValueFactory = _ => "timestamp" };

    private readonly Option<string?> _dateOrder = new("--date-order") { Description = "Whether dates such as 5/1/2024 in the column of times have the day or the month first: day-first or month-first. Without it the column tells." };

    private readonly Option<double> _testFraction = new("--test-fraction") { Description = "Share of the rows held out, for --split random and --split time; of the items or queries for --split cold-items and cold-queries.", HelpName = "0…1", DefaultValueFactory = _ => 0.1 };

    private readonly Option<double?> _validationFraction = new("--validation-fraction")
    {
        Description = "Hold out this share of the training rows too, by the same --split, to find out which model, settings and epochs, at most --epochs, are best on them; the best model is then trained on all training rows, these too. 0.1 without it; retrieval with --model two-tower: none, all --epochs are run.",
        HelpName = "0…1",
    };

    private readonly Option<string?> _test = new("--test") { Description = "A file of rows to test on, laid out as --data, instead of holding some out.", HelpName = "path" };

    private readonly Option<string?> _exportSplit = new("--export-split")
    {
        Description = "Also write the rows of training, validation and test to this folder, as train.parquet, validation.parquet and test.parquet.",
        HelpName = "dir",
    };

    public HoldOutOptions()
    {
        _split.OneOf(Random, Latest, Last, ColdItems, ColdQueries, None);
        _dateOrder.OneOf(DayFirst, MonthFirst);
        _exportSplit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Destination.ProblemOfFolder(result.Tokens[0].Value) is { } problem)
            {
                result.AddError($"--export-split {problem}");
            }
        });
    }

    public IReadOnlyList<Option> All => [_split, _time, _dateOrder, _testFraction, _test, _validationFraction, _exportSplit];

    /// <summary>The file of rows to test on, if one is given.</summary>
    /// <exception cref="UserException">Rows are also to be held out.</exception>
    public string? TestFile(ParseResult parsed) => parsed.GetValue(_test) is not { } file ? null
        : parsed.GetRequiredValue(_split) == None ? throw new UserException("--test names rows to test on, and --split none says that nothing is tested. Leave one of them out.")
        : parsed.GetResult(_testFraction) is { Implicit: false } ? throw new UserException("--test names the rows to test on; --test-fraction holds out others. Leave one of them out.")
        : file;

    /// <summary>Writes the parts of a split where the user wants them.</summary>
    public async Task ExportAsync(ParseResult parsed, PipelineSplit split, CancellationToken cancellation)
    {
        if (parsed.GetValue(_exportSplit) is { } folder)
        {
            Terminal.Say($"split: {string.Join(", ", await split.SaveAsync(folder, cancellation))}");
        }
    }

    /// <summary>What is held out for the test.</summary>
    public HoldOut Read(ParseResult parsed)
    {
        var (fraction, time) = (Share(_testFraction.Name, parsed.GetValue(_testFraction)), parsed.GetRequiredValue(_time));
        return parsed.GetRequiredValue(_split) switch
        {
            Latest => HoldOut.Latest(fraction, time, Order(parsed)),
            Last => HoldOut.LastOfEach(time, Order(parsed)),
            ColdItems => HoldOut.ColdItems(fraction),
            ColdQueries => HoldOut.ColdQueries(fraction),
            None => HoldOut.None,
            _ => HoldOut.Random(fraction),
        };
    }

    /// <summary>What a ranking model is tested on.</summary>
    /// <exception cref="UserException">The last row of each query is to be held out, and no query is named.</exception>
    public HoldOut ReadRanking(ParseResult parsed, string? query) => (parsed.GetRequiredValue(_split), query) switch
    {
        (Last, null) => throw new UserException("--split last holds out the last row of each query: name the column of queries with --query."),
        (ColdQueries, null) => throw new UserException("--split cold-queries holds out all rows of some queries: name the column of queries with --query."),
        (ColdItems, _) => throw new UserException("--split cold-items is for --task retrieval: a ranking model has rows and no items. --split cold-queries holds out queries as a whole."),
        _ => Read(parsed),
    };

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
