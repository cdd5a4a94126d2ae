namespace DotRec.Conformance.Tests;

/// <summary>Where the buffers of a kernel lie.</summary>
internal enum Placement
{
    /// <summary>On a cache line, with marks around that a stray store changes.</summary>
    CacheLine,

    /// <summary>The first byte follows a page that cannot be touched.</summary>
    BehindGuard,

    /// <summary>The last byte is followed by a page that cannot be touched.</summary>
    BeforeGuard,
}
