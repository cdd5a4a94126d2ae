namespace DotRec.Kernels;

/// <summary>
/// Scans packed 4-bit codes: sums a table entry for each code of an item, scales the sum, and finds the items whose value exceeds a threshold.
/// <code>
///   sum   = Σ tables[row, code]                       entries 0 … 63
///   value = ((sum − offset) · 2^shift · scale + 2^14) / 2^15, rounded down
/// </code>
/// All of it in integers, so that every variant finds the same items with the same values.
/// </summary>
internal unsafe interface IPackedLookupKernel : IKernel
{
    /// <summary>Scans a run for one query.</summary>
    static abstract void ScanOne(PackedLookupRun* run, PackedLookupQuery* query);

    /// <summary>Scans a run for two queries, reading it once. The same answers as one at a time.</summary>
    static abstract void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries);
}
