using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Rows without an id: they tell nothing of anybody, and are left out with a word.</summary>
internal static class IdRows
{
    /// <summary>The rows that have an id, and the column as ids; a column that is not there is left to others to miss.</summary>
    /// <exception cref="ArgumentException">No row has one, or the column cannot hold ids.</exception>
    public static FeatureBatch Of(FeatureBatch data, string name, string file, PipelineNotes notes)
    {
        if (!data.TryGet(name, out var column))
        {
            return data;
        }

        FeatureBatch kept;
        try
        {
            kept = data.WithIds(name);
        }
        catch (ArgumentException misfit)
        {
            throw new ArgumentException($"{file}: column '{column.Schema}' cannot hold ids; they are texts or whole numbers, one a row. {misfit.Message}", misfit);
        }

        if (kept.RowCount < data.RowCount)
        {
            var missing = data.RowCount - kept.RowCount;
            notes.Warn(kept.RowCount > 0
                ? FormattableString.Invariant($"{missing:N0} of {data.RowCount:N0} rows of {file} have no '{name}'; they are left out.")
                : throw new ArgumentException($"No row of {file} has a value in '{name}'."));
        }

        return kept;
    }
}
