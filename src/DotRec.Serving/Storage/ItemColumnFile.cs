using System.Text;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>An item column as a mapped file: opening it costs nothing, whatever its size.</summary>
internal static class ItemColumnFile
{
    public static void Write(string path, Column column) => ArtifactWriter.Write(path, ArtifactKind.Column, writer =>
    {
        switch (column)
        {
            case Column<string> texts:
                Lists(writer, texts);
                Texts(writer, texts.Values);
                break;
            case Column<long> integers:
                Numbers(writer, integers);
                break;
            case Column<double> numbers:
                Numbers(writer, numbers);
                break;
            case Column<float> numbers:
                Numbers(writer, numbers);
                break;
        }
    });

    /// <exception cref="BundleException">The file is damaged, or holds another number of rows.</exception>
    public static ItemColumn Open(string path, ColumnSchema schema, int rowCount, ICollection<IDisposable>? opened = null) => StoredFile.Open(path, ArtifactKind.Column, file => schema.Type switch
    {
        ColumnType.String => Column(file, schema, rowCount, new TextValues(file.Read<long>(SectionTag.TextOffsets), file.Read<byte>(SectionTag.Text))),
        ColumnType.Int64 => Column(file, schema, rowCount, new NumberValues<long>(file.Read<long>(SectionTag.Values))),
        ColumnType.Float64 => Column(file, schema, rowCount, new NumberValues<double>(file.Read<double>(SectionTag.Values))),
        _ => Column(file, schema, rowCount, new NumberValues<float>(file.Read<float>(SectionTag.Values))),
    }, opened);

    private static ItemColumn Column<T>(ArtifactFile file, ColumnSchema schema, int rowCount, RowValues<T> values)
        where T : notnull
    {
        if (schema.IsJagged)
        {
            return Checked(new ListValues<T>(file.Read<long>(SectionTag.ListOffsets, rowCount + 1L), values));
        }

        return Checked(values);

        ItemColumn<TValue> Checked<TValue>(RowValues<TValue> rows)
            where TValue : notnull =>
            rows.Count == rowCount ? new ItemColumn<TValue>(schema, rows) : throw StoredFile.Damaged(file, $"it holds {rows.Count} rows; {rowCount} were expected.");
    }

    private static void Lists<T>(ArtifactWriter writer, Column<T> column)
        where T : notnull
    {
        if (column.Schema.IsJagged)
        {
            writer.Begin(SectionTag.ListOffsets);
            writer.Append<long>(Array.ConvertAll(column.Offsets.ToArray(), offset => (long)offset));
        }
    }

    private static void Numbers<T>(ArtifactWriter writer, Column<T> column)
        where T : unmanaged
    {
        Lists(writer, column);
        writer.Begin(SectionTag.Values);
        writer.Append(column.Values);
    }

    private static void Texts(ArtifactWriter writer, ReadOnlySpan<string> texts)
    {
        var offsets = new long[texts.Length + 1];
        for (var i = 0; i < texts.Length; i++)
        {
            offsets[i + 1] = offsets[i] + Encoding.UTF8.GetByteCount(texts[i]);
        }

        writer.Begin(SectionTag.TextOffsets);
        writer.Append<long>(offsets);
        writer.Begin(SectionTag.Text);
        foreach (var text in texts)
        {
            writer.Append<byte>(Encoding.UTF8.GetBytes(text));
        }
    }
}
