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

        using var recommender = new TestCorpus().Recommender();
        recommender.Recommend(new { user_id = "stranger" });
        recommender.RecommendBatch([new { user_id = "1" }, new { user_id = "2" }]);
        recommender.SimilarItems("m1");
        Assert.Throws<InvalidQueryException>(() => recommender.Recommend(new { user = "1" }));

        Assert.Equal(["recommend", "recommend_batch", "similar_items", "recommend"], activities.Select(activity => activity.OperationName));
        Assert.Equal(ActivityStatusCode.Error, activities[3].Status);
        lock (measured)
        {
            Assert.Contains(("dotrec.serving.queries", 1, "dotrec.operation=recommend"), measured);
            Assert.Contains(("dotrec.serving.queries", 2, "dotrec.operation=recommend_batch"), measured);
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
