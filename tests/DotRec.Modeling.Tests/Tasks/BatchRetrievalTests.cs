using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class BatchRetrievalTests
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 4, ratings: 3000);

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void A_task_given_the_batch_makes_the_corrections_that_can_be_made_by_hand(int? hardNegatives)
    {
        var weights = new Column<float>("weight", [.. Enumerable.Range(0, Data.Train.RowCount).Select(row => row % 3 * 0.5f)]);
        var batch = Batch.Of(Data.Train.With(weights).Slice(0, 800));
        var users = new Tower(new StringLookup("user_id", Data.Train), new Embedding(8)).Forward(batch);
        var movies = new Tower(new StringLookup("movie_title", Data.Titles), new Embedding(8));
        var byHand = new Retrieval { RemoveAccidentalHits = true, HardNegatives = hardNegatives }
            .ComputeLoss(users, movies.Forward(batch), RetrievalInputs.Of(batch, "movie_title", "weight"));

        var loss = new Retrieval { HardNegatives = hardNegatives }.ComputeLoss(batch, users, movies, sampleWeightColumn: "weight");

        Assert.Equal(byHand.PerExample, loss.PerExample, 1e-5);
        Assert.Equal(800, loss.Scale);
        var plain = new Retrieval { HardNegatives = hardNegatives, CorrectSampling = false, RemoveAccidentalHits = false };
        Assert.Equal(
            plain.ComputeLoss(users, movies.Forward(batch), new RetrievalInputs { SampleWeight = batch.Get<float>("weight") }).PerExample,
            plain.ComputeLoss(batch, users, movies, sampleWeightColumn: "weight").PerExample,
            1e-5);
        Assert.NotEqual(plain.ComputeLoss(batch, users, movies, sampleWeightColumn: "weight").PerExample, loss.PerExample, 1e-3);
    }

    [Fact]
    public void Probabilities_are_those_of_the_training_data_also_after_loading()
    {
        var (train, test) = (Items("a", "a", "a", "b"), Items("a", "b", "b", "c"));
        var model = Data.Model(corrections: true);
        float[] Probabilities(FeatureBatch data) => RetrievalInputs.Of(new Batch(model.Encode(data), [0, 1, 2, 3], ForwardContext.Inference), "movie_title").SamplingProbability.ToArray();

        // Without training data, those of the data at hand, each anew.
        Assert.Equal([0.25f, 0.5f, 0.5f, 0.25f], Probabilities(test));
        Assert.Equal([0.75f, 0.75f, 0.75f, 0.25f], Probabilities(train));
        model.RememberTrainingData(train.With(new Column<string>("user_id", ["1", "2", "3", "4"])));

        Assert.Equal([0.75f, 0.25f, 0.25f, SamplingProbabilityCorrection.SmallestProbability], Probabilities(test));
    }

    [Fact]
    public void A_correction_that_is_asked_for_needs_probabilities()
    {
        var task = new Retrieval { CorrectSampling = true };
        var embeddings = Tensor.Zeros(2, 3);

        Assert.Contains("RetrievalInputs.SamplingProbability", Assert.Throws<ArgumentException>(() => task.ComputeLoss(embeddings, embeddings)).Message, StringComparison.Ordinal);
        var probabilities = new RetrievalInputs { SamplingProbability = new[] { 0.5f, 0.1f } };
        Assert.Equal(Math.Log(2), new Retrieval { CorrectSampling = false }.ComputeLoss(embeddings, embeddings, probabilities).PerExample, 1e-6);
        Assert.NotEqual(Math.Log(2), task.ComputeLoss(embeddings, embeddings, probabilities).PerExample, 1e-3);
    }

    private static FeatureBatch Items(params string[] items) => new(new Column<string>("movie_title", items));
}
