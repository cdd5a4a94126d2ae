using System.CommandLine;
using System.Globalization;

namespace DotRec.Benchmarks;

/// <summary>Options that say what an index is measured on.</summary>
internal sealed class CorpusOptions
{
    private const int DefaultQueries = 2000;
    private const string Plain = "plain";
    private const string Spectral = "spectral";
    private const double MaxSpread = 3;

    private readonly Option<string?> _items = new("--base") { Description = "Item vectors: .npy (float16, 32 or 64), .fvecs, or text (.txt, .vec, .tsv), each also with .gz; or a bundle, whose items are taken.", HelpName = "path" };
    private readonly Option<string?> _queries = new("--query") { Description = "Query vectors; without it, some items are held out. With a bundle: CSV or Parquet rows that its query tower embeds.", HelpName = "path" };
    private readonly Option<int?> _heldOut = new("--held-out") { Description = $"Items taken out to be queries; {DefaultQueries} without --query.", HelpName = "n" };
    private readonly Option<string?> _synthetic = new("--synthetic") { Description = "Instead of files: n made-up items of width d.", HelpName = "n,d" };
    private readonly Option<string> _mixture = new("--mixture") { Description = "What --synthetic draws from. plain: axes of nearly equal variance; spectral: variance that falls off as in real embeddings, for any width.", DefaultValueFactory = _ => Plain };
    private readonly Option<double> _lengthSpread = new("--length-spread") { Description = "With --synthetic: σ of the logarithm of the lengths; 0 for unit lengths.", HelpName = "sigma", DefaultValueFactory = _ => SyntheticVectors.LengthSpread };
    private readonly Option<int> _copies = new("--perturbed-copies") { Description = "Add this many copies of the items, each value multiplied by a random number in [0, 1).", HelpName = "n" };
    private readonly Option<string> _metric = new("--metric") { Description = "How scores are made.", DefaultValueFactory = _ => "dot" };

    public CorpusOptions()
    {
        _metric.AcceptOnlyFromAmong(MetricNames.All);
        _mixture.AcceptOnlyFromAmong(Plain, Spectral);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_items, _queries, _heldOut, _synthetic, _mixture, _lengthSpread, _copies, _metric])
        {
            command.Add(option);
        }
    }

    public async Task<VectorCorpus> ReadAsync(ParseResult parsed, ulong seed, CancellationToken cancellation)
    {
        var function = MetricNames.Parse(parsed.GetRequiredValue(_metric));
        var (items, queries, synthetic) = (parsed.GetValue(_items), parsed.GetValue(_queries), parsed.GetValue(_synthetic));
        if ((items is null) == (synthetic is null))
        {
            throw new UsageException("Give either --base with a file of vectors or --synthetic with a size, such as --synthetic 100000,64.");
        }

        if (queries is not null && (synthetic is not null || parsed.GetValue(_heldOut) is not null))
        {
            throw new UsageException("--query names the queries; leave out --held-out and --synthetic, which make them.");
        }

        if (synthetic is null && (Option[])[_mixture, _lengthSpread] is var drawn && Array.Find(drawn, option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
        {
            throw new UsageException($"{idle.Name} says what --synthetic draws; without that, leave it out.");
        }

        var heldOut = AtLeast(1, parsed.GetValue(_heldOut) ?? DefaultQueries, _heldOut);
        var isBundle = Directory.Exists(items);
        if (isBundle && queries is null)
        {
            throw new UsageException($"{items} is a folder, so a bundle: give --query with a file of rows for its query tower.");
        }

        var corpus = isBundle ? await BundleVectors.ReadAsync(items!, queries!, function, cancellation)
            : queries is not null ? VectorCorpus.Read(items!, queries, function)
            : items is not null ? VectorCorpus.HoldOut(items, heldOut, function, seed)
            : Synthetic(parsed, synthetic!, heldOut, function, seed);
        var copies = AtLeast(0, parsed.GetValue(_copies), _copies);
        return copies == 0 ? corpus : corpus.WithPerturbedCopies(copies, seed);
    }

    private VectorCorpus Synthetic(ParseResult parsed, string size, int queries, Indexing.ScoreFunction function, ulong seed)
    {
        var spread = parsed.GetValue(_lengthSpread);
        if (!(spread is >= 0 and <= MaxSpread))
        {
            throw new UsageException(FormattableString.Invariant($"--length-spread is {spread}; expected 0 to {MaxSpread}."));
        }

        var parts = size.Split(',');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) && dimension > 0
            && (long)count * dimension <= Array.MaxLength
            ? VectorCorpus.Synthetic(count, dimension, queries, function, seed, spread, parsed.GetValue(_mixture) == Spectral)
            : throw new UsageException($"--synthetic is '{size}'; expected the number of items and their width, such as 100000,64, together at most {Array.MaxLength:N0} values.");
    }

    private static int AtLeast(int min, int value, Option option) =>
        value >= min ? value : throw new UsageException($"{option.Name} is {value}; at least {min} is needed.");
}
