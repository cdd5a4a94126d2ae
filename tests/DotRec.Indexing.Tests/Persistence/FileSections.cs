using System.Runtime.InteropServices;

namespace DotRec.Indexing.Tests;

/// <summary>Where the sections of an index file are.</summary>
internal static class FileSections
{
    public static ArtifactLayout.Entry Find(byte[] file, SectionTag tag)
    {
        foreach (var entry in MemoryMarshal.Cast<byte, ArtifactLayout.Entry>(file.AsSpan(64..ArtifactLayout.HeadBytes)))
        {
            if (entry.Tag == tag)
            {
                return entry;
            }
        }

        throw new ArgumentException($"There is no section {tag}.", nameof(tag));
    }
}
