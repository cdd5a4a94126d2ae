namespace DotRec.Indexing;

/// <summary>How much of a file is checked when it is opened. Its length, header and section table are always checked.</summary>
public enum ArtifactVerification
{
    /// <summary>
    /// <see cref="Full"/> for files up to 64 MiB, which takes some 10 ms; <see cref="Structure"/> for larger ones, so that opening takes milliseconds
    /// whatever the size.
    /// </summary>
    Automatic,

    /// <summary>
    /// Nothing beyond header and section table: an altered byte in a section goes unnoticed, and may change answers, but cannot crash the process.
    /// </summary>
    Structure,

    /// <summary>The checksum of every section: reads the whole file once.</summary>
    Full,
}
