using System.Collections;

namespace DotRec.Serving;

/// <summary>Raw queries in, recommendations out: the model embeds them, the retriever answers; one, many as rows, many as columns.</summary>
internal sealed class QueryAnswerer(ServedModel model, Retriever retriever)
{
    // Rows a model call: large enough to fill the index's batched search, small enough to stay in cache.
    private const int BlockRows = 1024;

    public Recommendations Single(object query, in Selection selection)
    {
        var call = model.Rent();
        try
        {
            model.Reader.Add(query, call.Features);
            Embed(call);
            return retriever.Single(call, selection);
        }
        finally
        {
            model.Return(call);
        }
    }

    public IReadOnlyList<Recommendations> Rows(IReadOnlyCollection<object> queries, in Selection selection, IReadOnlyList<IEnumerable?>? exclude)
    {
        CheckExclude(exclude, queries.Count);
        var answers = new List<Recommendations>(queries.Count);
        var call = model.Rent();
        try
        {
            foreach (var query in queries)
            {
                model.Reader.Add(query, call.Features, answers.Count + call.RowCount);
                if (call.RowCount == BlockRows)
                {
                    answers.AddRange(Run(call, selection, exclude, answers.Count));
                    call.Clear();
                }
            }

            if (call.RowCount > 0)
            {
                answers.AddRange(Run(call, selection, exclude, answers.Count));
            }

            return answers;
        }
        finally
        {
            model.Return(call);
        }
    }

    public IReadOnlyList<Recommendations> Columns(IReadOnlyDictionary<string, Array> columns, in Selection selection, IReadOnlyList<IEnumerable?>? exclude)
    {
        var call = model.Rent();
        try
        {
            var rows = model.Reader.CheckColumns(columns);
            CheckExclude(exclude, rows);
            var answers = new List<Recommendations>(rows);
            for (var start = 0; start < rows; start += BlockRows)
            {
                call.Clear();
                model.Reader.AddColumns(columns, start, Math.Min(BlockRows, rows - start), call.Features);
                answers.AddRange(Run(call, selection, exclude, start));
            }

            return answers;
        }
        finally
        {
            model.Return(call);
        }
    }

    private Recommendations[] Run(ModelCall call, in Selection selection, IReadOnlyList<IEnumerable?>? exclude, int first)
    {
        Embed(call);
        return retriever.Batch(call, selection, exclude, first);
    }

    private static void Embed(ModelCall call)
    {
        using var stage = ServingTelemetry.BeginStage("embed");
        call.Run();
    }

    private static void CheckExclude(IReadOnlyList<IEnumerable?>? exclude, int queries)
    {
        if (exclude is not null && exclude.Count != queries)
        {
            throw new ArgumentException($"exclude has {exclude.Count} lists for {queries} queries. Give one a query, null for none.", nameof(exclude));
        }
    }
}
