using System.Text.RegularExpressions;

namespace DotRec.Conformance.Tests;

/// <summary>docs/from-tfrs.md leaves out no public symbol of TFRS, and names as its equivalents only what is public here.</summary>
public partial class FromTfrsTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "from-tfrs.md"));

    // Every public class and function of tensorflow_recommenders 0.3 to 0.7.7, and the arguments of the tasks.
    public static TheoryData<string> Symbols =>
    [
        "tfrs.Model", "tfrs.models.Model", "tfrs.tasks.Task", "tfrs.tasks.Retrieval", "tfrs.tasks.Ranking", "tfrs.metrics.Factorized", "tfrs.metrics.FactorizedTopK",
        "TopK", "Streaming", "BruteForce", "ScaNN", "index", "index_from_dataset", "query_with_exclusions", "is_exact",
        "tfrs.layers.feature_interaction.Cross", "tfrs.layers.dcn.Cross", "tfrs.layers.feature_interaction.MultiLayerDCN", "tfrs.layers.feature_interaction.DotInteraction",
        "tfrs.layers.blocks.MLP", "tfrs.layers.loss.HardNegativeMining", "tfrs.layers.loss.RemoveAccidentalHits", "tfrs.layers.loss.SamplingProbablityCorrection",
        "tfrs.layers.embedding.TPUEmbedding", "tfrs.experimental.layers.embedding.PartialTPUEmbedding", "tfrs.layers.feature_multiplexing.UnifiedEmbedding", "UnifiedEmbeddingConfig",
        "tfrs.experimental.models.Ranking", "tfrs.experimental.optimizers.ClippyAdagrad", "tfrs.experimental.optimizers.CompositeOptimizer", "shrink_by_references",
        "tfrs.examples.movielens.evaluate", "tfrs.examples.movielens.sample_listwise", "tfrs.types", "factorized_metrics",
        "query_embeddings", "candidate_embeddings", "sample_weight", "candidate_sampling_probability", "candidate_ids", "compute_metrics", "compute_batch_metrics", "score_mask",
    ];

    [Theory]
    [MemberData(nameof(Symbols))]
    public void A_symbol_of_tfrs_has_its_row(string symbol) =>
        Assert.Contains(Rows(), row => Names(row[0]).Any(name => name == symbol || name.StartsWith(symbol + "(", StringComparison.Ordinal)));

    [Fact]
    public void Every_equivalent_is_public()
    {
        var ledgers = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "PublicAPI.*.txt", SearchOption.AllDirectories).SelectMany(File.ReadLines).ToList();
        var names = Rows().SelectMany(row => Names(row[1])).Distinct().ToList();

        Assert.True(names.Count > 60);
        Assert.All(names, name => Assert.True(
            ledgers.Exists(line => Regex.IsMatch(line, $@"(^|[. ]){Regex.Escape(name)}($|[ .(<!?])")), $"docs/from-tfrs.md names '{name}', which is nothing public."));
    }

    [Fact]
    public void Every_row_has_an_equivalent_or_says_that_there_is_none() =>
        Assert.All(Rows(), row => Assert.True(Names(row[1]).Any() || row[1].Trim() == "none", $"docs/from-tfrs.md: '{row[0].Trim()}' has no equivalent."));

    /// <summary>The first two cells of each row of the tables, heads left out.</summary>
    private static List<string[]> Rows() => [.. Document.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| TFRS |", StringComparison.Ordinal) && !line.StartsWith("| --- |", StringComparison.Ordinal))
        .Select(line => line.Split(" | ") is var cells ? new[] { cells[0][1..], cells[1] } : [])];

    private static IEnumerable<string> Names(string cell) => Name().Matches(cell).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
