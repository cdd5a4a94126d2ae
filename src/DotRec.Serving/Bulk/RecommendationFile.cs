using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>
/// One run over many queries that ends in a file. Three stages work at the same time on three blocks of queries: reading,
/// answering (itself parallel), writing. Blocks keep their order, so the file is the same every time.
/// </summary>
internal sealed class RecommendationFile(
    QueryEncoder encoder, QueryPath path, QueryIdentity identity, RecommenderSnapshot snapshot, RecommendAllOptions options, Selection selection, bool isRanked)
{
    private readonly ItemColumn[] _display = [.. options.ItemColumns.Select(name => snapshot.Items[name])];

    /// <summary>Writes the file in one go.</summary>
    /// <returns>Queries answered, and how many of them were unknown.</returns>
    public async Task<(long Answered, long Unknown)> WriteAsync(
        QuerySource queries, string file, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        var create = RecommendationWriter.For(file);
        var (names, types) = (Names(), Types());
        using var output = OutputFile.Create(file);
        (long, long) counts;
        using (var writer = create(output.Stream, names, types))
        {
            counts = await RunAsync(queries, writer, progress, cancellationToken).ConfigureAwait(false);
            writer.Complete();
        }

        output.Commit();
        return counts;
    }

    private async Task<(long Answered, long Unknown)> RunAsync(
        QuerySource queries, RecommendationWriter writer, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (answered, unknown) = (0L, 0L);
        var reading = Task.Run(() => ReadBlockAsync(queries, 0).AsTask(), CancellationToken.None);
        var writing = Task.CompletedTask;
        try
        {
            while (await reading.ConfigureAwait(false) is { } call)
            {
                var first = answered;
                answered += call.RowCount;
                var next = answered;
                reading = Task.Run(() => ReadBlockAsync(queries, next).AsTask(), CancellationToken.None);
                RecommendationRows block;
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var answers = new Recommendations[call.RowCount];
                    path.Answer(call, snapshot, selection, exclude: null, first: 0, answers);
                    unknown += answers.Count(answer => answer.IsUnknownQuery);
                    block = new RecommendationRows(identity, call, IdType(), first, answers, snapshot.Items, _display, isRanked);
                }
                finally
                {
                    encoder.Return(call);
                }

                await writing.ConfigureAwait(false);
                writing = Task.Run(() => writer.Write(block), CancellationToken.None);
                progress?.Report(answered);
            }

            await writing.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return (answered, unknown);
        }
        finally
        {
            // Nothing may touch the enumerator, the model or the file after this method; their failures, if any, are on their way already.
            await Task.WhenAll(Settled(reading), Settled(writing)).ConfigureAwait(false);
            if (reading is { IsCompletedSuccessfully: true, Result: { } unused })
            {
                encoder.Return(unused);
            }
        }
    }

    private async ValueTask<QueryCall?> ReadBlockAsync(QuerySource queries, long first)
    {
        var call = encoder.Rent();
        try
        {
            await queries.FillAsync(call, QueryReader.BlockRows, first).ConfigureAwait(false);
            if (call.RowCount > 0)
            {
                return call;
            }
        }
        catch
        {
            encoder.Return(call);
            throw;
        }

        encoder.Return(call);
        return null;
    }

    private string[] Names()
    {
        string[] names = [identity.Feature ?? "query", "rank", snapshot.Items.IdColumn, "score", .. isRanked ? ["retrieval_score"] : Array.Empty<string>(), .. options.ItemColumns];
        var repeated = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return repeated is null ? names : throw new ArgumentException($"The file would have two columns '{repeated.Key}'. Rename the item id column or leave the display column out.", nameof(options));
    }

    private Type[] Types() =>
        [IdType(), typeof(int), snapshot.Items.Ids.Type == ItemIdType.String ? typeof(string) : typeof(long), typeof(float), .. isRanked ? [typeof(float)] : Array.Empty<Type>(), .. _display.Select(RecommendationRows.TypeOf)];

    private Type IdType() => identity.IdType(encoder.Signature);

    private static Task Settled(Task task) => task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
