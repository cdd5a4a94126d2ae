using System.IO.Hashing;
using System.Runtime.InteropServices;
using DotRec.Indexing;

namespace DotRec.Conformance.Tests;

/// <summary>Makes damage look intended, to reach the checks behind the checksums.</summary>
internal static class IndexFiles
{
    /// <summary>Restores signature and version and recomputes the head's checksum.</summary>
    public static void Reseal(byte[] file)
    {
        var head = file.AsSpan(0, ArtifactLayout.HeadBytes);
        var header = MemoryMarshal.Read<ArtifactLayout.Header>(head);
        header.Magic = ArtifactLayout.Magic;
        header.Version = ArtifactLayout.Version;
        header.Checksum = 0;
        MemoryMarshal.Write(head, header);
        header.Checksum = XxHash64.HashToUInt64(head);
        MemoryMarshal.Write(head, header);
    }
}
