namespace DotRec.Benchmarks;

/// <summary>Makes filters whose allowed items lie in some way to the queries.</summary>
internal interface IFilterKind
{
    /// <summary>What reports call it while it is at work.</summary>
    string Name { get; }

    /// <summary>Queries that ask with each filter.</summary>
    int QueryCount { get; }

    /// <summary>The cases of each selectivity, made when they are asked for.</summary>
    IEnumerable<FilterCase> Cases(IReadOnlyList<double> selectivities, CancellationToken cancellation);
}
