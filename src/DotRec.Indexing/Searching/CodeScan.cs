using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The scan of codes for one query: its lookup tables, and the R best entries so far. Reused from query to query.</summary>
internal sealed unsafe class CodeScan
{
    // Of two roundings to float32.
    private const double Rounding = 1.0 / (1 << 22);

    private PinnedBuffer<float> _products;
    private PinnedBuffer<byte> _tables;
    private PinnedBuffer<ushort> _foundPositions;
    private PinnedBuffer<short> _foundValues;
    private PackedLookupQuery _lookup;
    private float _step;

    /// <summary>The R best by approximate score.</summary>
    public Shortlist Shortlist { get; } = new();

    /// <summary>How far approximate scores spread around a partition's centroid, for a scale of 1.</summary>
    public float Spread { get; private set; }

    /// <summary>Makes the lookup tables and empties the shortlist.</summary>
    /// <param name="snapshot">What is scanned.</param>
    /// <param name="query">The query as codewords are scored with it; what is behind the pointer is used up.</param>
    /// <param name="rescoringCount">R.</param>
    public void Begin(ScannSnapshot snapshot, float* query, int rescoringCount)
    {
        var subspaces = snapshot.Codes.Subspaces;
        _products.Reserve(subspaces * PackedLookup.Codewords);
        _tables.Reserve(subspaces * PackedLookup.Codewords);
        _foundPositions.Reserve(Shortlist.MaxBatch + PackedLookupQuery.Slack);
        _foundValues.Reserve(Shortlist.MaxBatch + PackedLookupQuery.Slack);
        _lookup = new PackedLookupQuery { Tables = _tables.Pointer, Positions = _foundPositions.Pointer, Values = _foundValues.Pointer };
        fixed (PackedLookupQuery* lookup = &_lookup)
        {
            _step = snapshot.Tables.Fill(query, _products.Pointer, lookup, out var spread);
            Spread = spread;
        }

        Shortlist.Restart((int)Math.Min((long)snapshot.EntriesACandidate * rescoringCount, Shortlist.MaxCount));
    }

    /// <summary>Scans a run and offers what is found to the shortlist.</summary>
    /// <param name="run">The run.</param>
    /// <param name="bias">Score of its partition's centroid.</param>
    /// <param name="excluded">Positions to leave out, or null.</param>
    public void Scan<TLookup>(EntryRun* run, float bias, RowSet? excluded)
        where TLookup : struct, IPackedLookupKernel
    {
        if (SetThreshold(run, bias))
        {
            fixed (PackedLookupQuery* lookup = &_lookup)
            {
                TLookup.ScanOne(&run->Packed, lookup);
            }

            Offer(run, bias, excluded);
        }
    }

    /// <summary>Scans a run for two queries at once: for each as for one alone.</summary>
    public static void Scan<TLookup>(EntryRun* run, CodeScan one, float biasOne, RowSet? excludedOne, CodeScan two, float biasTwo, RowSet? excludedTwo)
        where TLookup : struct, IPackedLookupKernel
    {
        if (!one.SetThreshold(run, biasOne))
        {
            two.Scan<TLookup>(run, biasTwo, excludedTwo);
        }
        else if (!two.SetThreshold(run, biasTwo))
        {
            one.Scan<TLookup>(run, biasOne, excludedOne);
        }
        else
        {
            var lookups = stackalloc PackedLookupQuery[2];
            (lookups[0], lookups[1]) = (one._lookup, two._lookup);
            TLookup.ScanTwo(&run->Packed, lookups);
            (one._lookup.Found, two._lookup.Found) = (lookups[0].Found, lookups[1].Found);
            one.Offer(run, biasOne, excludedOne);
            two.Offer(run, biasTwo, excludedTwo);
        }
    }

    /// <summary>The approximate score of every entry of a run.</summary>
    /// <param name="run">The run, nothing of which is masked.</param>
    /// <param name="bias">Score of its partition's centroid.</param>
    /// <param name="scores">[entries], written.</param>
    public void ScoreAll<TLookup>(EntryRun* run, float bias, float* scores)
        where TLookup : struct, IPackedLookupKernel
    {
        _lookup.Threshold = short.MinValue;
        fixed (PackedLookupQuery* lookup = &_lookup)
        {
            TLookup.ScanOne(&run->Packed, lookup);
            for (var i = 0; i < lookup->Found; i++)
            {
                scores[lookup->Positions[i]] = float.MultiplyAddEstimate(lookup->Values[i], run->Unit * _step, bias);
            }
        }
    }

    // The threshold in the scan's integers, a little low: the shortlist looks again. False when nothing can pass.
    private bool SetThreshold(EntryRun* run, float bias)
    {
        var unit = run->Unit * _step;
        var needed = (double)Shortlist.Threshold - bias;
        if (!(unit > 0))
        {
            _lookup.Threshold = short.MinValue;
            return needed <= 0;
        }

        // Scores are rounded to float32, far finer than a step of the scan unless the bias is far greater than what the scan adds.
        var rounding = 1 + (Rounding * (Math.Abs(Shortlist.Threshold) + Math.Abs(bias)) / unit);
        var threshold = Math.Floor(needed / unit) - (float.IsNegativeInfinity(Shortlist.Threshold) ? 0 : rounding);
        _lookup.Threshold = (int)Math.Clamp(threshold, short.MinValue, short.MaxValue);
        return threshold < short.MaxValue;
    }

    private void Offer(EntryRun* run, float bias, RowSet? excluded)
    {
        if (_lookup.Found == 0)
        {
            return;
        }

        fixed (PackedLookupQuery* lookup = &_lookup)
        {
            if (run->Positions != null || excluded is not null)
            {
                Shortlist.AddPicked(lookup, run->FirstPosition, run->Positions, excluded, bias, run->Unit * _step, run->InOrder);
            }
            else
            {
                Shortlist.Add(lookup, run->FirstPosition, bias, run->Unit * _step);
            }
        }
    }
}
