using System.CommandLine;

namespace DotRec.Benchmarks;

/// <summary>Options of <c>DotRec.Benchmarks index</c> that measure more than the front: filters, changes and batches.</summary>
internal sealed class FurtherOptions
{
    private const int MaxBatch = 1_000_000;

    private readonly Option<string[]> _filter = Kinds("--filter", "Also measure searches with filters", FilterPlan.AllKinds);
    private readonly Option<string> _selectivity = new("--selectivity") { Description = "With --filter: items to allow, in percent.", HelpName = "p,p,…", DefaultValueFactory = _ => "50,10,5,1,.1,.01" };
    private readonly Option<double> _recall = new("--filter-recall") { Description = "With --filter and --churn: recall without filters and changes that the index is calibrated to.", HelpName = "recall", DefaultValueFactory = _ => 0.95 };
    private readonly Option<string[]> _churn = Kinds("--churn", "Also measure a live index after changes", ChurnPlan.AllKinds);
    private readonly Option<string?> _churnShare = new("--churn-share") { Description = "With --churn: items to change, in percent; 10,30 (added), .1,.5,2 (clustered) or 50 without it.", HelpName = "p,p,…" };
    private readonly Option<string?> _batch = new("--batch") { Description = "Also measure batches of so many queries, beside single ones; 1,8,100,1000,10000 without numbers.", HelpName = "n,n,…", Arity = ArgumentArity.ZeroOrOne };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_filter, _selectivity, _recall, _churn, _churnShare, _batch])
        {
            command.Add(option);
        }
    }

    /// <summary>What is asked for.</summary>
    public FurtherBenchmarks Read(ParseResult parsed, bool isExact)
    {
        var (filter, churn, batch) = (IsGiven(parsed, _filter), IsGiven(parsed, _churn), IsGiven(parsed, _batch));
        Belongs(parsed, _selectivity, filter, "--filter");
        Belongs(parsed, _recall, filter || churn, "--filter or --churn");
        Belongs(parsed, _churnShare, churn, "--churn");
        if (isExact && (churn || batch))
        {
            throw new UsageException($"{(churn ? _churn.Name : _batch.Name)} measures the approximate index; leave out --index bruteforce.");
        }

        var recall = parsed.GetValue(_recall);
        if (!(recall is > 0 and <= 1))
        {
            throw new UsageException(FormattableString.Invariant($"{_recall.Name} is {recall}; expected a recall above 0 and at most 1, such as 0.95."));
        }

        return new FurtherBenchmarks(
            filter ? new FilterPlan(Chosen(parsed, _filter, FilterPlan.AllKinds), NumberList.Percents(_selectivity.Name, parsed.GetRequiredValue(_selectivity))) : null,
            churn ? new ChurnPlan(Chosen(parsed, _churn, ChurnPlan.AllKinds), parsed.GetValue(_churnShare) is { } shares ? NumberList.Percents(_churnShare.Name, shares, below100: true) : null) : null,
            batch ? NumberList.Counts(_batch.Name, parsed.GetValue(_batch) ?? "1,8,100,1000,10000", MaxBatch) : null,
            recall);
    }

    private static Option<string[]> Kinds(string name, string what, string[] all) => new(name)
    {
        Description = $"{what}: {string.Join(", ", all)}; all of them when none is named.",
        HelpName = "kind",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static void Belongs(ParseResult parsed, Option option, bool isGiven, string owner)
    {
        if (!isGiven && IsGiven(parsed, option))
        {
            throw new UsageException($"{option.Name} needs {owner}.");
        }
    }

    // In the order of all, each once.
    private static string[] Chosen(ParseResult parsed, Option<string[]> option, string[] all)
    {
        var named = (parsed.GetValue(option) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        return Array.Find(named, name => !all.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw new UsageException($"{option.Name} has '{unknown}'; {string.Join(", ", all[..^1])} or {all[^1]} was expected.")
            : named.Length == 0 ? all : [.. all.Where(named.Contains)];
    }
}
