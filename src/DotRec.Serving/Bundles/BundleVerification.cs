namespace DotRec.Serving;

/// <summary>How much of a bundle is checked when it is loaded. bundle.json and the length of every file are always checked.</summary>
public enum BundleVerification
{
    /// <summary>SHA-256 of every file: any altered byte is found. Reads every file once.</summary>
    Hashes,

    /// <summary>Lengths only: for very large bundles on storage that checks itself.</summary>
    Lengths,
}
