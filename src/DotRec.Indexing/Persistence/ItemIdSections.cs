namespace DotRec.Indexing;

/// <summary>Ids as sections of a file.</summary>
internal static class ItemIdSections
{
    public static IdStorage StorageOf(ItemIds ids) => ids switch
    {
        StringItemIds => IdStorage.String,
        Int64ItemIds => IdStorage.Int64,
        _ => IdStorage.Range,
    };

    public static void Write(ArtifactWriter writer, ItemIds ids)
    {
        switch (ids)
        {
            case StringItemIds texts:
                writer.Section(SectionTag.IdOffsets, texts.Offsets);
                writer.Section(SectionTag.IdText, texts.Text);
                writer.Section(SectionTag.IdTable, texts.Table.Slots);
                break;
            case Int64ItemIds numbers:
                writer.Section(SectionTag.IdNumbers, numbers.Values);
                writer.Section(SectionTag.IdTable, numbers.Table.Slots);
                break;
        }
    }

    public static ItemIds Read(ArtifactFile file, in IndexProperties properties) => properties.IdStorage switch
    {
        IdStorage.String => new StringItemIds(
            file.Read<long>(SectionTag.IdOffsets, properties.Count + 1L), file.Read<byte>(SectionTag.IdText), Table(file, properties.Count)),
        IdStorage.Int64 => new Int64ItemIds(file.Read<long>(SectionTag.IdNumbers, properties.Count), Table(file, properties.Count)),
        _ => ItemIds.Range(properties.Count),
    };

    private static IdTable Table(ArtifactFile file, int count) => new(file.Read<IdTable.Slot>(SectionTag.IdTable, IdTable.SlotCount(count)));
}
