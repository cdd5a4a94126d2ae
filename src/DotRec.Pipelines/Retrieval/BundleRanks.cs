using System.Globalization;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Where the chosen items stand in the lists that a bundle gives.</summary>
internal static class BundleRanks
{
    private const int BlockRows = 4096;

    /// <summary>The index row of each chosen item, −1 for an item the index does not hold.</summary>
    public static int[] TrueRows(Column items, ItemIds ids)
    {
        items = items is Column<float> or Column<double> ? items.ConvertTo(ColumnType.Int64) : items;
        var rows = new int[items.RowCount];
        for (var i = 0; i < rows.Length; i++)
        {
            // A file may write integer ids where the bundle has text, and the other way round.
            ItemId id = items switch
            {
                Column<string> texts => ids.Type == ItemIdType.Int64 && long.TryParse(texts.Values[i], CultureInfo.InvariantCulture, out var number) ? new ItemId(number) : new ItemId(texts.Values[i]),
                Column<long> integers => ids.Type == ItemIdType.String ? new ItemId(FormattableString.Invariant($"{integers.Values[i]}")) : new ItemId(integers.Values[i]),
                _ => throw new ArgumentException($"Column '{items.Schema}' cannot name items; ids are text or integers."),
            };
            rows[i] = ids.RowOf(id);
        }

        return rows;
    }

    /// <summary>Ranks from 1; 0 for an item that is not among the first <paramref name="k"/>.</summary>
    public static int[] Compute(
        Recommender recommender, FeatureBatch queries, int[] truth, int k, bool excludeSeen, string work, PipelineNotes notes, CancellationToken cancellationToken,
        ItemFilter? filter = null)
    {
        var ranks = new int[truth.Length];
        var first = 0;
        while (first < queries.RowCount)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = queries.Slice(first, Math.Min(BlockRows, queries.RowCount - first));
            var answers = recommender.RecommendBatch(block, new RecommendOptions { K = k, ExcludeSeen = excludeSeen, Filter = filter });
            for (var i = 0; i < answers.Count; i++)
            {
                for (var place = 0; place < answers[i].Count && ranks[first + i] == 0; place++)
                {
                    ranks[first + i] = answers[i][place].Row == truth[first + i] ? place + 1 : 0;
                }
            }

            first += answers.Count;
            notes.Report(work, first, truth.Length);
        }

        return ranks;
    }
}
