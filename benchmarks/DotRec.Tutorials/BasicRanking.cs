using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>TFRS' "basic_ranking": the rating of a movie by a user, from embeddings of both and two dense layers.</summary>
internal sealed class BasicRanking : Tutorial
{
    public override string Name => "basic-ranking";

    public override string Summary => "Ratings from user and movie embeddings and a small MLP.";

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        var ratings = Ratings.Load(options.Data!);
        yield return Ratings.Rmse("tutorial: Adagrad .1, 3 epochs", "1.1009, 1.1103", ratings, options.Seeds, split => Model(split.Train), _ => new FitOptions
        {
            Epochs = 3,
            BatchSize = 8192,
            Optimizer = new Adagrad(0.1),
        }) with
        { AtMost = 1.10 };

        // The recipe hardly leaves the constant mean (1.126): what a fit without options makes of the same model.
        yield return Ratings.Rmse(
            "the same model, default options", "", ratings, options.Seeds, split => Model(split.Train), split => Model(split.Train).DefaultFitOptions) with
        { AtMost = 0.95 };
    }

    private static RankingModel Model(FeatureBatch train)
    {
        var fields = Fields.Of(train, ["user_id", "movie_id"], new FieldOptions { EmbeddingDimension = 32 });
        return new RankingModel(new MlpNetwork(fields, hidden: [256, 64]), "rating", new Ranking(PointwiseLoss.SquaredError));
    }
}
