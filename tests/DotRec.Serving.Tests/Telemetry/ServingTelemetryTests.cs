using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DotRec.Serving.Tests;

public sealed class ServingTelemetryTests
{
    [Fact]
    public void Requests_are_counted_timed_and_traced_with_their_failures()
    {
        var measured = new List<(string Name, double Value, string Tags)>();
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "DotRec.Serving")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        meter.Start();
        var activities = new List<Activity>();
        using var parent = new Activity("this test").Start();
        using var tracer = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DotRec.Serving",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == parent.TraceId)
                {
                    activities.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(tracer);

        var corpus = new TestCorpus();
        using var recommender = corpus.Recommender(corpus.RankedOptions());
        recommender.Recommend(new { user_id = "stranger", age = 1f }, new RecommendOptions { Diversity = 0.5f });
        recommender.RecommendBatch([new { user_id = "1", age = 1f }, new { user_id = "2", age = 1f }]);
        recommender.SimilarItems("m1");
        Assert.Throws<InvalidQueryException>(() => recommender.Recommend(new { user = "1" }));
        using var ranker = new Ranker(corpus.RankedOptions().Ranker!);
        ranker.Predict(new { user_id = "1", movie_id = "m1", year = 1, age = 1f, genres = new[] { "g1" } });

        string[] expected =
        [
            "embed", "retrieve", "rank", "diversify", "recommend",
            "embed", "retrieve", "rank", "recommend_batch",
            "retrieve", "similar_items",
            "recommend",
            "predict",
        ];
        Assert.Equal(expected, activities.Select(activity => activity.OperationName));
        Assert.Equal(activities[4].SpanId, activities[2].ParentSpanId);
        Assert.Equal(ActivityStatusCode.Error, activities[11].Status);
        lock (measured)
        {
            Assert.Contains(("dotrec.serving.queries", 1, "dotrec.operation=recommend"), measured);
            Assert.Contains(("dotrec.serving.queries", 2, "dotrec.operation=recommend_batch"), measured);
            Assert.Contains(("dotrec.serving.queries", 1, "dotrec.operation=predict"), measured);
            foreach (var stage in new[] { "embed", "retrieve", "rank", "diversify" })
            {
                Assert.Contains(measured, one => one.Name == "dotrec.serving.stage.duration" && one.Value is > 0 and < 60 && one.Tags == $"dotrec.stage={stage}");
            }

            Assert.Contains(("dotrec.serving.unknown_queries", 1, "dotrec.operation=recommend"), measured);
            Assert.Contains(("dotrec.serving.errors", 1, "dotrec.operation=recommend error.type=DotRec.Serving.InvalidQueryException"), measured);
            Assert.Contains(measured, one => one.Name == "dotrec.serving.request.duration" && one.Value is > 0 and < 60 && one.Tags == "dotrec.operation=similar_items");
        }

        void Keep(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (measured)
            {
                measured.Add((name, value, text));
            }
        }
    }
}
