using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DotRec.Serving;

/// <summary>
/// The activities and instruments of the library, under the name "DotRec.Serving". Without a listener a request costs nanoseconds here.
/// </summary>
internal static class ServingTelemetry
{
    public const string Name = "DotRec.Serving";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Queries = Meter.CreateCounter<long>("dotrec.serving.queries", "{query}", "Queries answered.");
    private static readonly Counter<long> UnknownQueries = Meter.CreateCounter<long>("dotrec.serving.unknown_queries", "{query}", "Queries whose id was not in the training data.");
    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("dotrec.serving.errors", "{error}", "Requests that failed.");
    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram<double>("dotrec.serving.stage.duration", "s", "Duration of the stages of requests.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("dotrec.serving.request.duration", "s", "Duration of requests.");

    /// <summary>Begins a stage of a request: "embed", "retrieve", "rank" or "diversify". Dispose of it when the stage ends.</summary>
    public static Stage BeginStage(string name) => new(name, Activities.StartActivity(name), StageDuration.Enabled ? Stopwatch.GetTimestamp() : 0);

    /// <summary>Begins a request, which is counted, timed and traced. Dispose of it when the request ends.</summary>
    public static Request Begin(string operation) => new(operation, Activities.StartActivity(operation), Stopwatch.GetTimestamp());

    /// <summary>A stage of a request.</summary>
    public readonly struct Stage(string name, Activity? activity, long start) : IDisposable
    {
        public void Dispose()
        {
            if (start != 0)
            {
                StageDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("dotrec.stage", name));
            }

            activity?.Dispose();
        }
    }

    /// <summary>One call of a public surface.</summary>
    public readonly struct Request(string operation, Activity? activity, long start) : IDisposable
    {
        public void Answered(long queries, long unknown)
        {
            activity?.SetTag("dotrec.queries", queries);
            if (Queries.Enabled)
            {
                Queries.Add(queries, Tag());
            }

            if (unknown > 0 && UnknownQueries.Enabled)
            {
                UnknownQueries.Add(unknown, Tag());
            }
        }

        /// <summary>Notes a failure. Always false: it is the filter of a catch, which lets the exception pass.</summary>
        public bool Fails(Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            Errors.Add(1, Tag(), new KeyValuePair<string, object?>("error.type", exception.GetType().FullName));
            return false;
        }

        public void Dispose()
        {
            if (Duration.Enabled)
            {
                Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, Tag());
            }

            activity?.Dispose();
        }

        private KeyValuePair<string, object?> Tag() => new("dotrec.operation", operation);
    }
}
