using DotRec.Data;

namespace DotRec.Serving;

/// <summary>
/// The side of the query: reads raw features, makes of them what is searched with, and searches. Safe for any number of threads; calls are pooled.
/// </summary>
internal abstract class QueryEncoder(ModelSignature signature, QueryReader reader) : IDisposable
{
    public ModelSignature Signature => signature;

    public QueryReader Reader => reader;

    /// <summary>An empty call; give it back with <see cref="Return"/> when its outputs are no longer needed.</summary>
    public abstract QueryCall Rent();

    public abstract void Return(QueryCall call);

    /// <summary>Finds the candidates of each query of a call that has run.</summary>
    public abstract void Search(QueryCall call, RecommenderSnapshot items, in Selection selection, ExcludedRows excluded, CandidateLists lists);

    /// <summary>Whether nothing is known of who asks: the query's id was not in training, and the query tells nothing else.</summary>
    public abstract bool IsUnknown(QueryCall call, int row, QueryIdentity identity, SeenItems? seen);

    /// <summary>Rows of items that the query itself says it has had.</summary>
    public virtual ReadOnlySpan<int> HadBy(QueryCall call, int row) => [];

    /// <summary>The embedding of one query, shape [D].</summary>
    public abstract float[] Embed<TQuery>(TQuery query);

    /// <summary>The embeddings of queries given as columns, shape [rows, D].</summary>
    public abstract float[] EmbedAll(FeatureBatch queries);

    public abstract void Dispose();
}
