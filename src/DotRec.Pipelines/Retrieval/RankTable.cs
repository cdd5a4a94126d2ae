using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Where the chosen item of each row stands, as a table: for others to compute figures of their own from.</summary>
internal static class RankTable
{
    /// <summary>The ids of each row and the ranks of its item, by the model and by popularity; 0 where an item was not ranked.</summary>
    public static FeatureBatch Of(Column queries, Column items, RetrievalReport model, RetrievalReport? popularity)
    {
        List<Column> columns = [queries, items];
        Add("rank", model.Ranks);
        Add("rank_excluding_seen", model.RanksExcludingSeen);
        Add("popularity_rank", popularity?.Ranks ?? default);
        Add("popularity_rank_excluding_seen", popularity?.RanksExcludingSeen ?? default);
        return new FeatureBatch([.. columns]);

        void Add(string name, ReadOnlyMemory<int> ranks)
        {
            if (ranks.Length > 0)
            {
                columns.Add(new Column<long>(name, Array.ConvertAll(ranks.ToArray(), rank => (long)rank)));
            }
        }
    }
}
