using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The recommendations of a block of queries as columns: query id, rank from 1, item id, score and the display columns asked for.</summary>
internal sealed class RecommendationRows
{
    public RecommendationRows(QueryIdentity identity, ModelCall call, Type idType, long firstQuery, IReadOnlyList<Recommendations> answers, ItemTable items, IReadOnlyList<ItemColumn> display)
    {
        var count = answers.Sum(answer => answer.Count);
        var queryIds = Array.CreateInstance(idType, count);
        var ranks = new int[count];
        var itemIds = Array.CreateInstance(items.Ids.Type == ItemIdType.String ? typeof(string) : typeof(long), count);
        var scores = new float[count];
        var fields = display.Select(column => Array.CreateInstance(column.Values.GetType().GetElementType()!, count)).ToArray();
        var row = 0;
        for (var query = 0; query < answers.Count; query++)
        {
            var id = identity.IdOf(call, query) ?? firstQuery + query;
            for (var rank = 0; rank < answers[query].Count; rank++, row++)
            {
                var item = answers[query][rank];
                queryIds.SetValue(id, row);
                ranks[row] = rank + 1;
                itemIds.SetValue(item.ItemId, row);
                scores[row] = item.Score;
                for (var field = 0; field < fields.Length; field++)
                {
                    Array.Copy(display[field].Values, item.Row, fields[field], row, 1);
                }
            }
        }

        Count = count;
        Columns = [queryIds, ranks, itemIds, scores, .. fields];
    }

    public int Count { get; }

    /// <summary>One array a column of the file, <see cref="Count"/> long.</summary>
    public Array[] Columns { get; }
}
