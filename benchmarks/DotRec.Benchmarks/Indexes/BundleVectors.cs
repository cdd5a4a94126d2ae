using DotRec.Data;
using DotRec.Indexing;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Benchmarks;

/// <summary>The vectors of a trained model: its items as its index holds them, its queries as its query tower embeds them.</summary>
internal static class BundleVectors
{
    public static async Task<VectorCorpus> ReadAsync(string bundle, string queriesPath, ScoreFunction scoreFunction, CancellationToken cancellation)
    {
        using var recommender = Recommender.Load(bundle);
        var index = recommender.Index;
        var items = new float[checked(index.Count * index.Dimension)];
        for (var row = 0; row < index.Count; row++)
        {
            index.CopyEmbedding(row, items.AsSpan(row * index.Dimension, index.Dimension));
        }

        var queries = recommender.EmbedQueries(QueryColumns.Of(await DataSource.ReadAsync(queriesPath, new CsvOptions(), notes: null, cancellation), recommender, queriesPath));

        return new VectorCorpus(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(bundle))) ?? "bundle", items, queries, index.Dimension, scoreFunction);
    }
}
