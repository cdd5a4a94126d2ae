using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Short lists drawn from the rows of each user or query, to learn orders from ratings: sample_listwise of TensorFlow Recommenders.</summary>
public static class ListSampling
{
    /// <summary>Draws lists of rows of each group: within a list without replacement, so two lists may share rows.</summary>
    /// <param name="data">The rows. Split them before drawing, so that lists to train on and lists to test on share none.</param>
    /// <param name="group">Column of strings or int64 that says whose row it is. Groups with fewer rows than a list needs are left out.</param>
    /// <param name="listsPerGroup">Lists of each group, at least 1.</param>
    /// <param name="listLength">Rows of each list, at least 1.</param>
    /// <param name="seed">The same seed gives the same lists, on every machine.</param>
    /// <param name="listColumn">Name of the int64 column that is added: the number of the list, from 0.</param>
    /// <returns>The rows of all lists, one list after another; groups in the order of their first row.</returns>
    /// <exception cref="ArgumentException">No group has enough rows, the column cannot group rows, or the name of the new column is taken.</exception>
    public static FeatureBatch SampleLists(
        this FeatureBatch data, string group, int listsPerGroup, int listLength, ulong seed, string listColumn = "list")
    {
        var random = new SeededRandom(seed);
        return SampleLists(data, group, listsPerGroup, listLength, listColumn, count =>
        {
            var order = new int[count];
            for (var i = 0; i < count; i++)
            {
                order[i] = i;
            }

            random.Shuffle<int>(order);
            return order;
        });
    }

    /// <summary>The same with random permutations of 0 … count − 1 from elsewhere; a list is the beginning of one.</summary>
    internal static FeatureBatch SampleLists(
        FeatureBatch data, string group, int listsPerGroup, int listLength, string listColumn, Func<int, int[]> permutation)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(listsPerGroup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(listLength);
        if (data.TryGet(listColumn, out _))
        {
            throw new ArgumentException($"The data has a column '{listColumn}' already. Give the numbers of the lists another name.", nameof(listColumn));
        }

        var groups = RowGroups.By(data, group);
        var rows = new List<int>();
        for (var i = 0; i < groups.Count; i++)
        {
            for (var list = 0; list < listsPerGroup && groups[i].Length >= listLength; list++)
            {
                foreach (var position in permutation(groups[i].Length).AsSpan(0, listLength))
                {
                    rows.Add(groups[i][position]);
                }
            }
        }

        if (rows.Count == 0)
        {
            throw new ArgumentException($"No '{group}' has {listLength} rows, so no list of {listLength} can be drawn. Draw shorter lists.", nameof(listLength));
        }

        var lists = new long[rows.Count];
        for (var i = 0; i < lists.Length; i++)
        {
            lists[i] = i / listLength;
        }

        return data.Select([.. rows]).With(new Column<long>(listColumn, lists));
    }
}
