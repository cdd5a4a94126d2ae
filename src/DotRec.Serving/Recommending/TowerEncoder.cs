using DotRec.Data;

namespace DotRec.Serving;

/// <summary>Embeds queries by a model, and searches the index with the embeddings.</summary>
internal sealed class TowerEncoder(ServedModel model) : QueryEncoder(model.Signature, model.Reader)
{
    public override QueryCall Rent() => model.Rent();

    public override void Return(QueryCall call) => model.Return((ModelCall)call);

    public override void Search(QueryCall call, RecommenderSnapshot items, in Selection selection, ExcludedRows excluded, CandidateLists lists) =>
        Search((ModelCall)call, items, selection, excluded, lists);

    /// <summary>Finds the candidates of each query of a call that has run.</summary>
    public static void Search(ModelCall call, RecommenderSnapshot items, in Selection selection, ExcludedRows excluded, CandidateLists lists)
    {
        var embeddings = call.Output;
        if (call.RowCount == 1)
        {
            lists.Counts[0] = items.Index.Search(embeddings, lists.Candidates, selection.Filter, excluded.Of(0));
        }
        else
        {
            items.Index.SearchBatch(embeddings, lists.Width, lists.Candidates, lists.Counts, selection.Filter, excluded.ByQuery());
        }
    }

    public override bool IsUnknown(QueryCall call, int row, QueryIdentity identity, SeenItems? seen) => identity.IsUnknown((ModelCall)call, row, seen);

    public override float[] Embed<TQuery>(TQuery query) => model.Embed(query);

    public override float[] EmbedAll(FeatureBatch queries) => model.EmbedAll(queries);

    public override void Dispose() => model.Dispose();
}
