namespace DotRec.Serving;

/// <summary>A recommender for the time of one use: it is not closed before the lease is disposed, whatever version comes meanwhile.</summary>
public readonly struct ModelLease : IDisposable
{
    private readonly Lifetime.Use _use;

    internal ModelLease(Recommender recommender, string version, Lifetime.Use use) => (Recommender, Version, _use) = (recommender, version, use);

    /// <summary>The recommender. Do not dispose it.</summary>
    public Recommender Recommender { get; }

    /// <summary>The version it is of: the name of its folder.</summary>
    public string Version { get; }

    /// <summary>Gives the recommender back.</summary>
    public void Dispose() => _use.Dispose();
}
