using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>What every index file says about itself, as it is in the file.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal record struct IndexProperties
{
    public int Count;
    public int Dimension;
    public ScoreFunction ScoreFunction;
    public IdStorage IdStorage;

    public static IndexProperties Of(IItemIndex index) => new()
    {
        Count = index.Count,
        Dimension = index.Dimension,
        ScoreFunction = index.ScoreFunction,
        IdStorage = ItemIdSections.StorageOf(index.Ids),
    };

    /// <summary>Reads the properties and checks their ranges.</summary>
    public static IndexProperties Read(ArtifactFile file)
    {
        var properties = file.ReadValue<IndexProperties>(SectionTag.Properties);
        if (properties.Count < 0 || properties.Dimension is < 1 or > EmbeddingPanels.MaxDimension
            || !Enum.IsDefined(properties.ScoreFunction) || !Enum.IsDefined(properties.IdStorage))
        {
            throw new ArtifactFormatException(
                file.Memory.Source,
                ArtifactLayout.HeadBytes,
                $"the file claims {properties.Count} items of width {properties.Dimension}, score function {properties.ScoreFunction}, ids " +
                $"{properties.IdStorage}: not a possible index. The file is damaged.");
        }

        return properties;
    }
}

/// <summary>How a file keeps its ids. Values are written to files: never change one.</summary>
internal enum IdStorage
{
    /// <summary>Row numbers, no section.</summary>
    Range = 0,

    /// <summary>Integers and their table.</summary>
    Int64 = 1,

    /// <summary>UTF-8 text, its offsets and their table.</summary>
    String = 2,
}
