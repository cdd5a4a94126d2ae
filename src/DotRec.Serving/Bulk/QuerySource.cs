using DotRec.Data;

namespace DotRec.Serving;

/// <summary>Many queries, read as a stream.</summary>
internal abstract class QuerySource : IAsyncDisposable
{
    /// <summary>Adds the next queries to a call, at most <paramref name="count"/>; none at the end.</summary>
    /// <param name="call">Receives the features.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="position">How many queries came before, for messages.</param>
    public abstract ValueTask FillAsync(QueryCall call, int count, long position);

    public abstract ValueTask DisposeAsync();

    /// <summary>Objects or dictionaries that come one after another.</summary>
    public sealed class OfSequence<TQuery>(QueryReader reader, IAsyncEnumerator<TQuery> queries) : QuerySource
    {
        public override async ValueTask FillAsync(QueryCall call, int count, long position)
        {
            while (call.RowCount < count && await queries.MoveNextAsync().ConfigureAwait(false))
            {
                reader.Add(queries.Current, call.Features, position + call.RowCount);
            }
        }

        public override ValueTask DisposeAsync() => queries.DisposeAsync();
    }

    /// <summary>The rows of columns.</summary>
    public sealed class OfColumns(QueryReader reader, FeatureBatch queries) : QuerySource
    {
        private readonly Column?[] _columns = reader.Find(queries);

        public override ValueTask FillAsync(QueryCall call, int count, long position)
        {
            reader.AddColumns(_columns, (int)position, (int)Math.Min(count, queries.RowCount - position), call.Features);
            return ValueTask.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
