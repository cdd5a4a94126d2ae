namespace DotRec.Serving;

/// <summary>How a <see cref="ModelHost"/> looks for versions and takes them into service.</summary>
public sealed class ModelHostOptions
{
    /// <summary>
    /// A folder of versions, <c>films/1</c>, <c>films/2</c> and so on, each a bundle; or one bundle, <c>films</c> itself, that saves replace.
    /// </summary>
    public string Directory { get; set; } = "";

    /// <summary>The version to serve, for example "3"; null (the default) for the one with the greatest number.</summary>
    public string? Version { get; set; }

    /// <summary>How often to look for another version; 5 seconds by default. Folders are looked at, not listened to: that works on every file system.</summary>
    public TimeSpan PollingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is checked of a bundle when it is loaded; hashes by default.</summary>
    public BundleVerification Verification { get; set; } = BundleVerification.Hashes;

    /// <summary>
    /// Run on each version after it was loaded and before calls reach it, beside a query that warms it up: to put items into it that came since it was
    /// trained, or to test it. A version for which it throws is not served.
    /// </summary>
    public Func<Recommender, CancellationToken, Task>? Prepare { get; set; }
}
