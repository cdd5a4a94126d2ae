using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>The cases of TFRS' retrieval task tests, and those its suite leaves open; values follow from the formulas.</summary>
public class RetrievalTaskTests
{
    private const double Tolerance = 2e-6;

    // Case A: scores [[6, 3], [9, 5]].
    private static readonly Tensor QueriesA = Tensor.From([1, 2, 3, 2, 3, 4], 2, 3);
    private static readonly Tensor CandidatesA = Tensor.From([1, 1, 1, 1, 1, 0], 2, 3);

    // Case B, one extra negative: scores [[2, 3, 5], [3, 7, 5]].
    private static readonly Tensor QueriesB = Tensor.From([3, 2, 1, 2, 3, 4], 2, 3);
    private static readonly Tensor CandidatesB = Tensor.From([0, 1, 0, 0, 1, 1, 1, 1, 0], 3, 3);

    [Fact]
    public void Sums_the_cross_entropy_of_the_rows()
    {
        var task = new Retrieval();

        // softplus(-3) + softplus(4)
        AssertLoss(4.06673728, task, QueriesA, CandidatesA);
        Assert.Equal(0.5, task.ComputeLogits(QueriesA, CandidatesA).TopKAccuracy());
    }

    [Fact]
    public void Weighs_rows()
    {
        var task = new Retrieval();

        AssertLoss(1.23945612, task, QueriesA, CandidatesA, new RetrievalInputs { SampleWeight = new[] { 0.7f, 0.3f } });
        Assert.Equal(0.7, task.ComputeLogits(QueriesA, CandidatesA).TopKAccuracy(1, [0.7f, 0.3f]), 1e-6);
    }

    [Fact]
    public void Takes_more_candidates_than_queries_as_extra_negatives()
    {
        var task = new Retrieval();

        AssertLoss(3.31277765, task, QueriesB, CandidatesB);
        Assert.Equal(0.5, task.ComputeLogits(QueriesB, CandidatesB).TopKAccuracy());
    }

    [Fact]
    public void Scores_queries_of_several_vectors_by_their_best_one()
    {
        var queries = Tensor.From([3, 2, 1, 1, 2, 3, 2, 3, 4, 4, 3, 2], 2, 2, 3);
        var task = new Retrieval();

        Assert.Equal([2f, 5f, 5f, 3f, 7f, 7f], task.ComputeLogits(queries, CandidatesB).Values.Values.ToArray());
        AssertLoss(4.41999924, task, queries, CandidatesB);

        // Row 2 ties 7 with 7: a hit, as for TensorFlow's in_top_k.
        Assert.Equal(0.5, task.ComputeLogits(queries, CandidatesB).TopKAccuracy());
    }

    [Fact]
    public void Divides_by_the_temperature_before_it_corrects_for_sampling()
    {
        var task = new Retrieval { Temperature = 2 };
        var inputs = new RetrievalInputs { SamplingProbability = new[] { 0.5f, 0.01f } };

        var logits = task.ComputeLogits(QueriesA, CandidatesA, inputs).Values.Values.ToArray();
        double[] expected = [3.693147, 6.105170, 5.193147, 7.105170];
        Assert.All(logits.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        AssertLoss(2.635695, task, QueriesA, CandidatesA, inputs);
    }

    [Fact]
    public void Leaves_out_accidental_hits_for_string_and_integer_ids()
    {
        // Column 2 is the item of row 0 again; row 1 keeps it as a negative.
        var task = new Retrieval { RemoveAccidentalHits = true };

        AssertLoss(1.456193, task, QueriesB, CandidatesB, new RetrievalInputs { CandidateIds = new[] { "a", "b", "a" } });
        AssertLoss(1.456193, task, QueriesB, CandidatesB, new RetrievalInputs { CandidateIds = new[] { 7L, 9L, 7L } });
    }

    [Fact]
    public void Leaves_out_masked_cells() =>
        AssertLoss(3.191519, new Retrieval(), QueriesB, CandidatesB, new RetrievalInputs { ScoreMask = new[] { true, false, true, true, true, true } });

    [Theory]
    [InlineData(1, 3.175515)]
    [InlineData(2, 3.312778)]
    [InlineData(5, 3.312778)]
    public void Keeps_the_hardest_negatives(int count, double loss) =>
        AssertLoss(loss, new Retrieval { HardNegatives = count }, QueriesB, CandidatesB);

    [Fact]
    public void Refuses_settings_under_which_nothing_would_be_learned()
    {
        // TFRS: 0 gives a loss of exactly 0, a negative number empty tensors, a masked positive 3.4e36, all without a word.
        Assert.Throws<ArgumentOutOfRangeException>(() => new Retrieval { HardNegatives = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Retrieval { HardNegatives = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Retrieval { Temperature = 0 });
        var task = new Retrieval();
        Assert.Contains("row 1 (column 1)", Refused(task, new RetrievalInputs { ScoreMask = new[] { true, true, true, true, false, true } }), StringComparison.Ordinal);
        Assert.Contains("row 0", Refused(task, new RetrievalInputs { ScoreMask = new bool[6] }), StringComparison.Ordinal);
        Assert.Contains("candidate 1 is 0", Refused(task, new RetrievalInputs { SamplingProbability = new[] { 0.5f, 0, 0.5f } }), StringComparison.Ordinal);
        Assert.Contains("candidate 0 is 5", Refused(task, new RetrievalInputs { SamplingProbability = new[] { 5f, 1, 1 } }), StringComparison.Ordinal);
        Assert.Contains("2 sampling probabilities for 3 candidates", Refused(task, new RetrievalInputs { SamplingProbability = new[] { 1f, 1 } }), StringComparison.Ordinal);
        Assert.Contains("row 1 is -1", Refused(task, new RetrievalInputs { SampleWeight = new[] { 1f, -1 } }), StringComparison.Ordinal);
        Assert.Contains("needs the candidates' ids", Refused(new Retrieval { RemoveAccidentalHits = true }, new RetrievalInputs()), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_positives_among_a_corpus_of_zeros()
    {
        // The suite's corpus: 20 zero rows; here the true items are in it, since ranks are those of ids.
        var ids = new Column<string>("id", [.. Enumerable.Range(0, 22).Select(i => $"{i}")]);
        var corpus = new float[22 * 3];
        CandidatesA.Values.CopyTo(corpus);

        var metrics = new FactorizedTopK(new FeatureBatch(ids), ks: 5).Evaluate(
            QueriesA.Values.ToArray(), corpus, new Column<string>("id", ["0", "1"]), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1.0, metrics.HitRate[5]);
    }

    private static string Refused(Retrieval task, RetrievalInputs inputs) =>
        Assert.Throws<ArgumentException>(() => task.ComputeLoss(QueriesB, CandidatesB, inputs)).Message;

    /// <summary>By the way <see cref="Retrieval.ComputeLoss"/> chooses, and by the plain cross-entropy over all scores.</summary>
    private static void AssertLoss(double expected, Retrieval task, Tensor queries, Tensor candidates, RetrievalInputs? inputs = null)
    {
        Assert.Equal(expected, task.ComputeLoss(queries, candidates, inputs).Scalar, Tolerance);
        var logits = task.ComputeLogits(queries, candidates, inputs);
        Assert.Equal(expected, SoftmaxCrossEntropy.Compute(logits, inputs?.SampleWeight ?? default).Scalar, Tolerance);
    }
}
