using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

/// <summary>The multitask model of TFRS' tutorial: retrieval and a rating head on shared towers, as the documentation of RecommenderModel has it.</summary>
internal sealed class MovieModel : RecommenderModel
{
    private readonly Retrieval _retrieval;
    private readonly Ranking _rating;
    private readonly double _ratingWeight;
    private readonly FactorizedTopK _topK;
    private readonly Tower _users;
    private readonly Tower _movies;
    private readonly Mlp _head;

    public MovieModel(FeatureBatch ratings, FeatureBatch titles, LossReduction retrieval, LossReduction rating, double ratingWeight = 1, double l2 = 0, int headWidth = 16)
    {
        _retrieval = new Retrieval { Reduction = retrieval };
        _rating = new Ranking(PointwiseLoss.SquaredError) { Reduction = rating };
        _ratingWeight = ratingWeight;
        _topK = new FactorizedTopK(titles, "movie_title");
        _users = Use(new Tower(new StringLookup("user_id", ratings), new Embedding(16) { L2 = l2 }), "users");
        _movies = Use(new Tower(new StringLookup("movie_title", titles), new Embedding(16) { L2 = l2 }), "movies");
        _head = Use(new Mlp([headWidth, 1], kernelL2: l2), "rating");
    }

    public float[] PredictRatings(FeatureBatch data) => Predict(data, Rating);

    protected override Loss ComputeLoss(Batch batch)
    {
        var retrieval = _retrieval.ComputeLoss(batch, _users.Forward(batch), _movies).Named("retrieval");
        var rating = _rating.ComputeLoss(Rating(batch), batch.Get<float>("rating")).Named("rating");
        return retrieval + (rating * _ratingWeight);
    }

    protected override void Measure(FeatureBatch data, MetricReport report, CancellationToken cancellationToken)
    {
        report.Add("retrieval", _topK.Evaluate(_users.Embed(data), _movies.Embed(_topK.Items), data["movie_title"], cancellationToken: cancellationToken));
        report.Add("rating", RatingMetrics.Of(PredictRatings(data), data.Get<float>("rating").Values));
    }

    private Tensor Rating(Batch batch) => _head.Call(Tensor.Concatenate([_users.Forward(batch), _movies.Forward(batch)]), batch.Context);
}
