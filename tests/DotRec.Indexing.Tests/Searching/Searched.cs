namespace DotRec.Indexing.Tests;

/// <summary>An index, searched in some way: one query at a time and in batches.</summary>
internal sealed record Searched(
    Func<float[], int, ItemFilter?, int[]?, Candidate[]> Single, Func<float[], int, ItemFilter?, int[][]?, Candidate[][]> Batch)
{
    /// <summary>As it searches when it is not told how far.</summary>
    public static Searched As(IItemIndex index) => new(
        (query, k, filter, excluded) =>
        {
            var results = new Candidate[k];
            return results[..index.Search(query, results, filter, excluded)];
        },
        (queries, k, filter, excluded) =>
        {
            var (results, counts) = (new Candidate[queries.Length / index.Dimension * k], new int[queries.Length / index.Dimension]);
            index.SearchBatch(queries, k, results, counts, filter, excluded);
            return Lists(results, counts, k);
        });

    /// <summary>As far as it is told.</summary>
    public static Searched As(ScannIndex index, ScannSearchOptions options) => new(
        (query, k, filter, excluded) =>
        {
            var results = new Candidate[k];
            return results[..index.Search(query, results, options, filter, excluded)];
        },
        (queries, k, filter, excluded) =>
        {
            var (results, counts) = (new Candidate[queries.Length / index.Dimension * k], new int[queries.Length / index.Dimension]);
            index.SearchBatch(queries, k, results, counts, options, filter, excluded);
            return Lists(results, counts, k);
        });

    private static Candidate[][] Lists(Candidate[] results, int[] counts, int k) =>
        [.. counts.Select((count, query) => results[(query * k)..((query * k) + count)])];
}
