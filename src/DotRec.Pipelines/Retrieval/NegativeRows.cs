using System.Globalization;
using System.Runtime.InteropServices;
using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Rows of items that a query was shown and did not choose, brought to the training rows of the query.</summary>
/// <param name="data">The rows that were chosen, and those that were not.</param>
/// <param name="test">How rows are held out of training: what happened later than the training rows is not learned from.</param>
internal sealed class NegativeRows(RetrievalData data, HoldOut test)
{
    /// <summary>Name of the column of lists.</summary>
    public const string Column = "\0negatives";

    /// <summary>
    /// Training rows with a list of items each that their query did not choose: its negative rows go round its rows. A pair that was chosen too is no negative.
    /// </summary>
    public FeatureBatch With(FeatureBatch train)
    {
        var negatives = Usable(train);
        var rowsOf = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var chosen = new HashSet<(string, string)>();
        var (queries, items) = (Texts(train[data.QueryId]), Texts(train[data.ItemId]));
        for (var row = 0; row < train.RowCount; row++)
        {
            ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(rowsOf, queries[row], out _);
            (rows ??= []).Add(row);
            chosen.Add((queries[row], items[row]));
        }

        var lists = new List<int>?[train.RowCount];
        var (asked, shown) = (Texts(negatives[data.QueryId]), Texts(negatives[data.ItemId]));
        foreach (var group in Enumerable.Range(0, negatives.RowCount).Where(row => rowsOf.ContainsKey(asked[row]) && !chosen.Contains((asked[row], shown[row]))).GroupBy(row => asked[row], StringComparer.Ordinal))
        {
            var (own, others) = (rowsOf[group.Key], group.ToArray());
            for (var i = 0; i < Math.Max(own.Count, others.Length); i++)
            {
                (lists[own[i % own.Count]] ??= []).Add(others[i % others.Length]);
            }
        }

        var (rowsInOrder, offsets) = (new List<int>(), new int[train.RowCount + 1]);
        for (var row = 0; row < train.RowCount; row++)
        {
            rowsInOrder.AddRange(lists[row] ?? []);
            offsets[row + 1] = rowsInOrder.Count;
        }

        return train.With(negatives[data.ItemId].Select([.. rowsInOrder]) switch
        {
            Column<string> ids => new Column<string>(Column, ids.Values.ToArray(), offsets),
            var ids => new Column<long>(Column, ((Column<long>)ids).Values.ToArray(), offsets),
        });
    }

    /// <summary>The items of the catalogue that rows with their lists name, chosen or not: those that training knows.</summary>
    public FeatureBatch KnownItems(FeatureBatch train)
    {
        var known = Texts(train[data.ItemId]).ToHashSet(StringComparer.Ordinal);
        known.UnionWith(train[Column] switch
        {
            Column<string> ids => ids.Values.ToArray(),
            var ids => ((Column<long>)ids).Values.ToArray().Select(id => id.ToString(CultureInfo.InvariantCulture)),
        });
        var items = Texts(data.Items[data.ItemId]);
        return data.Items.Select([.. Enumerable.Range(0, items.Length).Where(row => known.Contains(items[row]))]);
    }

    // What is held out as a whole is not known in training, and what came later had not happened.
    private FeatureBatch Usable(FeatureBatch train)
    {
        var all = data.Negatives!;
        if (test.Kind == HoldOutKind.ColdItems)
        {
            var known = Texts(train[data.ItemId]).ToHashSet(StringComparer.Ordinal);
            var items = Texts(all[data.ItemId]);
            return all.Select([.. Enumerable.Range(0, all.RowCount).Where(row => known.Contains(items[row]))]);
        }

        if (test.Time is not { } time || !all.TryGet(time, out var times) || !train.TryGet(time, out var trained))
        {
            return all;
        }

        // Of equal times the negatives come first: they are of the page that a row of training was chosen from.
        var order = TimeColumn.RowsInOrder(Data.Column.Concatenate(times, trained), test.DateOrder);
        var (queries, last) = (Texts(train[data.QueryId]), new Dictionary<string, int>(StringComparer.Ordinal));
        var (places, end) = (new int[all.RowCount], 0);
        foreach (var (place, row) in order.Index())
        {
            if (row < places.Length)
            {
                places[row] = place;
            }
            else
            {
                (last[queries[row - places.Length]], end) = (place, place);
            }
        }

        var asked = Texts(all[data.QueryId]);
        return all.Select([.. Enumerable.Range(0, places.Length).Where(
            row => places[row] < (test.Kind == HoldOutKind.LastOfEach ? last.GetValueOrDefault(asked[row], -1) : end))]);
    }

    private static string[] Texts(Column ids) => ((Column<string>)ids.ConvertTo(ColumnType.String)).Values.ToArray();
}
