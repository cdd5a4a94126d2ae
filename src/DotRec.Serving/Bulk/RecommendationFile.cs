using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>
/// One run of <see cref="Recommender.RecommendAll"/>. Three stages work at the same time on three blocks of queries: reading and embedding,
/// searching (itself parallel), writing. Blocks keep their order, so the file is the same every time.
/// </summary>
internal sealed class RecommendationFile(
    ServedModel model, Retriever retriever, QueryIdentity identity, ItemTable items, RecommendAllOptions options, Selection selection, bool isRanked)
{
    private const int BlockRows = 1024;

    private readonly ItemColumn[] _display = [.. options.ItemColumns.Select(name => items[name])];

    /// <summary>Writes the file in one go.</summary>
    /// <returns>Queries answered, and how many of them were unknown.</returns>
    public (long Answered, long Unknown) Write(IEnumerable<object> queries, string path, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            (long, long) counts;
            using (var writer = RecommendationWriter.Create(path, temporary, Names(), Types()))
            {
                counts = Run(queries, writer, progress, cancellation);
                writer.Complete();
            }

            File.Move(temporary, path, overwrite: true);
            return counts;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private (long Answered, long Unknown) Run(IEnumerable<object> queries, RecommendationWriter writer, IProgress<long>? progress, CancellationToken cancellation)
    {
        var (answered, unknown) = (0L, 0L);
        using var rows = queries.GetEnumerator();
        var reading = Task.Run(() => ReadBlock(rows, 0), CancellationToken.None);
        var writing = Task.CompletedTask;
        try
        {
            while (reading.GetAwaiter().GetResult() is { } call)
            {
                var first = answered;
                answered += call.RowCount;
                var next = answered;
                reading = Task.Run(() => ReadBlock(rows, next), CancellationToken.None);
                RecommendationRows block;
                try
                {
                    cancellation.ThrowIfCancellationRequested();
                    var answers = retriever.Batch(call, selection, exclude: null, 0);
                    unknown += answers.Count(answer => answer.IsUnknownQuery);
                    block = new RecommendationRows(identity, call, IdType(), first, answers, items, _display, isRanked);
                }
                finally
                {
                    model.Return(call);
                }

                writing.GetAwaiter().GetResult();
                writing = Task.Run(() => writer.Write(block), CancellationToken.None);
                progress?.Report(answered);
            }

            writing.GetAwaiter().GetResult();
            cancellation.ThrowIfCancellationRequested();
            return (answered, unknown);
        }
        finally
        {
            // Nothing may touch the enumerator, the model or the file after this method; their failures, if any, are on their way already.
            Task.WhenAll(Settled(reading), Settled(writing)).GetAwaiter().GetResult();
            if (reading is { IsCompletedSuccessfully: true, Result: { } unused })
            {
                model.Return(unused);
            }
        }
    }

    private ModelCall? ReadBlock(IEnumerator<object> queries, long first)
    {
        var call = model.Rent();
        try
        {
            while (call.RowCount < BlockRows && queries.MoveNext())
            {
                model.Reader.Add(queries.Current, call.Features, first + call.RowCount);
            }

            if (call.RowCount > 0)
            {
                call.Run();
                return call;
            }
        }
        catch
        {
            model.Return(call);
            throw;
        }

        model.Return(call);
        return null;
    }

    private string[] Names()
    {
        string[] names = [identity.Feature ?? "query", "rank", items.IdColumn, "score", .. isRanked ? ["retrieval_score"] : Array.Empty<string>(), .. options.ItemColumns];
        var repeated = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return repeated is null ? names : throw new ArgumentException($"The file would have two columns '{repeated.Key}'. Rename the item id column or leave the display column out.", nameof(options));
    }

    private Type[] Types() =>
        [IdType(), typeof(int), items.Ids.Type == ItemIdType.String ? typeof(string) : typeof(long), typeof(float), .. isRanked ? [typeof(float)] : Array.Empty<Type>(), .. _display.Select(RecommendationRows.TypeOf)];

    private Type IdType() => identity.IdType(model.Signature);

    private static Task Settled(Task task) => task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
