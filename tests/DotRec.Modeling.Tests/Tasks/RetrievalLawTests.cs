using CsCheck;
using DotRec.Autodiff;

namespace DotRec.Modeling.Tests;

/// <summary>The three ways to compute the loss (fused, fused over distinct items, over all scores) against each other and against double precision.</summary>
public class RetrievalLawTests
{
    private static readonly Gen<RetrievalProblem> Problems =
        from queries in Gen.Int[1, 40]
        from extra in Gen.Int[0, 10]
        from dimension in Gen.Int[1, 20]
        from itemCount in Gen.Int[1, 12]
        from temperature in Gen.Int[0, 2].Select(i => i == 0 ? 1f : i == 1 ? 0.2f : 3f)
        from seed in Gen.ULong
        from weighted in Gen.Bool
        from corrected in Gen.Bool
        from removeHits in Gen.Bool
        select new RetrievalProblem(queries, extra, dimension, itemCount, temperature, seed, weighted, corrected, removeHits);

    [Fact]
    public void The_fused_loss_equals_the_one_over_all_scores() => Problems.Sample(problem =>
    {
        var (fused, fusedQueries, fusedItems) = problem.Differentiate((q, c) => problem.Task.ComputeLoss(q, c, problem.Inputs));
        var (plain, plainQueries, plainItems) = problem.Differentiate(
            (q, c) => Loss.Sum(SoftmaxCrossEntropy.Compute(problem.Task.ComputeLogits(q, c, problem.Inputs), problem.Inputs.SampleWeight), problem.Queries));

        AssertClose(plain, fused, problem.Scale);
        AssertClose(plainQueries, fusedQueries);
        AssertClose(plainItems, fusedItems);
    }, iter: 150, threads: 1);

    [Fact]
    public void Loss_and_gradients_equal_those_in_double_precision() => Problems.Sample(problem =>
    {
        var (loss, queryGradient, itemGradient) = problem.Differentiate((q, c) => problem.Task.ComputeLoss(q, c, problem.Inputs));
        var (expectedLoss, expectedQueries, expectedItems) = problem.Oracle();

        AssertClose((float)expectedLoss, loss, problem.Scale);
        AssertClose(expectedQueries, queryGradient);
        AssertClose(expectedItems, itemGradient);
    }, iter: 150, threads: 1);

    [Fact]
    public void Embedding_each_item_once_changes_nothing() => Problems.Where(problem => problem.Extra == 0).Sample(problem =>
    {
        var unique = UniqueCandidates.Of(problem.ItemCodes, new int[problem.ItemCodes.Max() + 1]);
        var inputs = problem.Inputs;
        var probabilities = inputs.SamplingProbability.IsEmpty ? [] : Array.ConvertAll(unique.FirstRows, row => inputs.SamplingProbability.Span[row]);
        var (all, allQueries, allItems) = problem.Differentiate((q, c) => problem.Task.ComputeLoss(q, c, inputs));
        var (once, onceQueries, onceItems) = problem.Differentiate(
            (q, c) => problem.Task.ComputeUniqueLoss(q, c, unique, inputs.SampleWeight, probabilities, problem.RemoveHits), unique.FirstRows);

        AssertClose(all, once, problem.Scale);
        AssertClose(allQueries, onceQueries);

        // The gradient of the one embedding is the sum over its repeats.
        var summed = new float[onceItems.Length];
        for (var i = 0; i < allItems.Length; i++)
        {
            summed[(unique.Positives[i / problem.Dimension] * problem.Dimension) + (i % problem.Dimension)] += allItems[i];
        }

        AssertClose(summed, onceItems);
    }, iter: 150, threads: 1);

    [Fact]
    public void The_mean_is_the_sum_over_the_batch_size() => Problems.Sample(problem =>
    {
        var mean = new Retrieval { Temperature = problem.Temperature, RemoveAccidentalHits = problem.RemoveHits, Reduction = LossReduction.Mean };
        var (sum, sumQueries, _) = problem.Differentiate((q, c) => problem.Task.ComputeLoss(q, c, problem.Inputs));
        var (value, queries, _) = problem.Differentiate((q, c) => mean.ComputeLoss(q, c, problem.Inputs));

        AssertClose(sum / problem.Queries, value, problem.Scale);
        AssertClose(Array.ConvertAll(sumQueries, gradient => gradient / problem.Queries), queries);
    }, iter: 30, threads: 1);

    [Fact]
    public void A_left_out_cell_has_no_gradient_however_high_it_scores()
    {
        var queries = Tensor.From([1e3f], 1, 1);
        var candidates = Tensor.From([1, 1e4f], 2, 1);
        candidates.RequiresGradient = true;

        var loss = new Retrieval().ComputeLoss(queries, candidates, new RetrievalInputs { ScoreMask = new[] { true, false } });
        loss.Value.Backward();

        Assert.Equal(0, loss.Value.Scalar);
        Assert.Equal([0f, 0f], candidates.Gradient!.Values.ToArray());
    }

    [Fact]
    public void The_first_loss_of_small_embeddings_is_the_logarithm_of_the_batch_size()
    {
        var random = new Kernels.SeededRandom(4);
        var small = Enumerable.Range(0, 2 * 2048 * 32).Select(_ => (float)((random.NextDouble() - 0.5) * 0.1)).ToArray();
        var task = new Retrieval { Reduction = LossReduction.Mean };

        var loss = task.ComputeLoss(Tensor.From(small.AsSpan(0, 2048 * 32), 2048, 32), Tensor.From(small.AsSpan(2048 * 32), 2048, 32)).PerExample;

        Assert.Equal(Math.Log(2048), loss, 1e-3);
    }

    private static void AssertClose(float expected, float actual, double scale) => Assert.Equal(expected, actual, 1e-5 * (1 + scale));

    private static void AssertClose(float[] expected, float[] actual)
    {
        var size = expected.Max(value => Math.Abs(value));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * (1 + size)));
    }
}
