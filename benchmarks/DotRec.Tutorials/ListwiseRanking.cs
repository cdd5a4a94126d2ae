using System.Diagnostics;
using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>
/// TFRS' "listwise_ranking": lists of five ratings of one user, ordered by models trained with a loss of ratings, of pairs and of lists. Lists are
/// drawn after the split, so that no rating is both trained and tested on.
/// </summary>
internal sealed class ListwiseRanking : Tutorial
{
    private const int ListLength = 5;
    private const int TrainLists = 50;
    private const ulong ListSeed = 42;

    public override string Name => "listwise-ranking";

    public override string Summary => "Orders lists of five ratings of a user: squared error, pairwise and listwise losses.";

    // The notebook's stored copies show no figures; its text says that ListMLE is the highest.
    // The squared error and the hinge beside them: the Keras-RS version of the tutorial (2025).
    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        var ratings = Ratings.Load(options.Data!);
        yield return Measure("squared error", ".8886", new Ranking(PointwiseLoss.SquaredError), ratings, options.Seeds);
        yield return Measure("pairwise hinge", ".8924", new Ranking(new PairwiseHinge()), ratings, options.Seeds);
        yield return Measure("ListMLE", "", new Ranking(new ListMle()), ratings, options.Seeds);
        yield return Measure("softmax", "", new Ranking(new ListSoftmax()), ratings, options.Seeds);
    }

    private static Result Measure(string name, string published, Ranking task, FeatureBatch ratings, int seeds)
    {
        var clock = Stopwatch.StartNew();
        var values = new List<double>();
        long parameters = 0;
        foreach (var (split, seed) in Ratings.Splits(ratings, seeds))
        {
            var train = split.Train.SampleLists("user_id", TrainLists, ListLength, ListSeed);
            var test = split.Test.SampleLists("user_id", listsPerGroup: 1, ListLength, ListSeed);
            var fields = Fields.Of(split.Train, ["user_id", "movie_id"], new FieldOptions { EmbeddingDimension = 32 });
            var model = new RankingModel(new MlpNetwork(fields, hidden: [256, 64]), "rating", task) { QueryIdColumn = "list", Cutoffs = [ListLength] };
            model.Fit(train, new FitOptions { Epochs = 30, BatchSize = 8192 * ListLength, Optimizer = new Adagrad(0.1), Seed = seed });
            values.Add(model.Evaluate(test).Queries!.FullNdcg);
            parameters = model.Parameters.Sum(parameter => (long)parameter.Value.Length);
        }

        return new Result(name, "NDCG", values, published, parameters, clock.Elapsed.TotalSeconds);
    }
}
