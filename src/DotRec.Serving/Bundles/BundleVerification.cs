namespace DotRec.Serving;

/// <summary>How much of a bundle is checked when it is loaded. bundle.json and the length of every file are always checked.</summary>
public enum BundleVerification
{
    /// <summary>
    /// SHA-256 of every file that is read when the bundle is opened, and of mapped files up to 1 MiB; lengths of larger ones, whose structure is checked wherever
    /// it is used. Opening takes milliseconds whatever the size; an altered number in a large table may change answers.
    /// </summary>
    Automatic,

    /// <summary>SHA-256 of every file: any altered byte is found. Reads every file, once a process.</summary>
    Hashes,

    /// <summary>Lengths only: for very large bundles on storage that checks itself.</summary>
    Lengths,
}
