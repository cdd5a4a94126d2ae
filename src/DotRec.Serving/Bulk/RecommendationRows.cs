using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The recommendations of a block of queries as columns: query id, rank from 1, item id, score, with a ranker the retrieval score, and the item columns asked for.</summary>
internal sealed class RecommendationRows
{
    public RecommendationRows(QueryIdentity identity, QueryCall call, Type idType, long firstQuery, IReadOnlyList<Recommendations> answers, ItemTable items, IReadOnlyList<ItemColumn> display, bool ranked)
    {
        var count = answers.Sum(answer => answer.Count);
        var queryIds = Array.CreateInstance(idType, count);
        var ranks = new int[count];
        var itemIds = Array.CreateInstance(items.Ids.Type == ItemIdType.String ? typeof(string) : typeof(long), count);
        var scores = new float[count];
        var retrieval = ranked ? new float[count] : null;
        var fields = display.Select(column => Array.CreateInstance(TypeOf(column), count)).ToArray();
        var row = 0;
        for (var query = 0; query < answers.Count; query++)
        {
            var id = identity.IdOf(call, query) ?? firstQuery + query;
            for (var rank = 0; rank < answers[query].Count; rank++, row++)
            {
                var item = answers[query][rank];
                queryIds.SetValue(id, row);
                ranks[row] = rank + 1;
                itemIds.SetValue(item.ItemId.Value, row);
                scores[row] = item.Score;
                if (retrieval is not null)
                {
                    retrieval[row] = item.RetrievalScore;
                }

                for (var field = 0; field < fields.Length; field++)
                {
                    fields[field].SetValue(display[field].IsList ? display[field].Text(item.Row) : display[field][item.Row], row);
                }
            }
        }

        Count = count;
        Columns = [queryIds, ranks, itemIds, scores, .. retrieval is null ? Array.Empty<Array>() : [retrieval], .. fields];
    }

    /// <summary>The type of a column in the file: a list is written as one text.</summary>
    public static Type TypeOf(ItemColumn column) => (column.IsList, column.Schema.Type) switch
    {
        (true, _) or (_, ColumnType.String) => typeof(string),
        (_, ColumnType.Int64) => typeof(long),
        (_, ColumnType.Float64) => typeof(double),
        _ => typeof(float),
    };

    public int Count { get; }

    /// <summary>One array a column of the file, <see cref="Count"/> long.</summary>
    public Array[] Columns { get; }
}
