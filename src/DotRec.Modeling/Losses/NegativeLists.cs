using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>For each row of a data set the items that its query was shown and did not choose, as rows of a catalogue.</summary>
/// <param name="items">Catalogue rows, one list after another.</param>
/// <param name="offsets">Where each list starts, and the end of the last.</param>
internal sealed class NegativeLists(int[] items, int[] offsets)
{
    /// <summary>Reads the lists; items that the catalogue lacks, and the row's own, are left out.</summary>
    /// <param name="ids">A list of item ids a row.</param>
    /// <param name="chosen">The item that the row chose.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <exception cref="ArgumentException">The column does not hold lists of ids.</exception>
    public static NegativeLists Of(Column ids, Column chosen, IdTable catalogue)
    {
        if (!ids.Schema.IsJagged)
        {
            throw new ArgumentException($"Column '{ids.Schema}' is to hold the items that a row's query did not choose: a list of item ids a row.");
        }

        var (values, lists) = ids switch
        {
            Column<string> texts => (catalogue.RowsOf(new Column<string>(ids.Name, texts.Values.ToArray())), texts.Offsets.ToArray()),
            Column<long> integers => (catalogue.RowsOf(new Column<long>(ids.Name, integers.Values.ToArray())), integers.Offsets.ToArray()),
            _ => throw new ArgumentException($"Column '{ids.Schema}' cannot hold item ids; they are texts or integers."),
        };
        var own = catalogue.RowsOf(chosen);
        var (kept, offsets) = (new List<int>(values.Length), new int[lists.Length]);
        for (var row = 0; row + 1 < lists.Length; row++)
        {
            kept.AddRange(values[lists[row]..lists[row + 1]].Where(item => item >= 0 && item != own[row]));
            offsets[row + 1] = kept.Count;
        }

        return new NegativeLists([.. kept], offsets);
    }

    /// <summary>One item of the list of each row that has one, drawn by a seed.</summary>
    /// <param name="rows">Rows of the data set.</param>
    /// <param name="seed">The same seed draws the same.</param>
    /// <returns>Positions among the rows, and the item of each.</returns>
    public (int[] Positions, int[] Items) Draw(ReadOnlySpan<int> rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (positions, drawn) = (new List<int>(), new List<int>());
        for (var i = 0; i < rows.Length; i++)
        {
            var (start, end) = (offsets[rows[i]], offsets[rows[i] + 1]);
            if (end > start)
            {
                positions.Add(i);
                drawn.Add(items[start + random.NextInt(end - start)]);
            }
        }

        return ([.. positions], [.. drawn]);
    }
}
