namespace DotRec.Indexing;

/// <summary>Everything a search of an approximate index reads. Never changes; all of it lies in one block of memory.</summary>
/// <param name="Router">Which partitions to scan.</param>
/// <param name="Tables">What a query's lookup tables are made of.</param>
/// <param name="Codes">What is scanned.</param>
/// <param name="Rows">What final scores are made of.</param>
/// <param name="Form">What queries are brought into to be scored against centroids and codes.</param>
/// <param name="Refining">What chooses the rows that are worth reading; null where items are not projected.</param>
internal sealed record ScannSnapshot(
    PartitionRouter Router, LookupTables Tables, PackedCodes Codes, RescoringRows Rows, CodedForm Form, RefiningRows? Refining)
{
    public ScoreFunction ScoreFunction => Form.ScoreFunction;

    public int Count => Rows.Count;

    public int Dimension => Rows.Dimension;

    public IndexMemory Memory => Rows.Rows.Memory;

    /// <summary>Bytes of an item's row.</summary>
    public int RowBytes => Dimension * Rows.Format.ByteWidth();

    /// <summary>
    /// Entries that are kept of a scan for each candidate that is rescored: several where projected rows choose among them, else two where
    /// both copies of a spilled item may be among the best.
    /// </summary>
    public int EntriesACandidate => Refining is not null ? RefiningQuery.CandidatesARow : Codes.HasSpilled ? 2 : 1;

    /// <summary>Bytes that are read to rescore a candidate.</summary>
    public int CandidateBytes => RowBytes + (Refining is null ? 0 : EntriesACandidate * RefiningRows.RowBytes(Refining.Dimension));

    /// <summary>Codes and packs the items of a build, with the rows it was made of.</summary>
    public static ScannSnapshot Pack(QuantizedItems items, EmbeddingSource source, ScoreFunction scoreFunction, RescoringFormat format, BuildReport report)
    {
        report.Begin(ScannStage.Encoding);
        var packing = new CodePacking(items);
        var bases = format == RescoringFormat.Int8 ? RowBases.Find(source, scoreFunction == ScoreFunction.Cosine, items.Members, report) : RowBases.None;
        var projection = items.Form.Projection;
        var allocator = new SectionAllocator(
            packing.ByteLength
            + SectionAllocator.Bytes<float>(PartitionRouter.Length(items.PartitionCount, items.Dimension))
            + SectionAllocator.Bytes<float>(LookupTables.Length(items.BlockCount, items.BlockWidth))
            + (projection is null ? 0 : SectionAllocator.Bytes<sbyte>(projection.Rows.Values.Length))
            + (projection is null ? 0 : SectionAllocator.Bytes<byte>(RefiningRows.Length(items.Count, projection.Dimension)))
            + RescoringPacking.ByteLength(items.Count, source.Dimension, scoreFunction, format, bases));
        try
        {
            var rows = RescoringPacking.Pack(source, items.Members.Rows, scoreFunction, format, bases, allocator);
            return new ScannSnapshot(
                PartitionRouter.Pack(items, allocator),
                LookupTables.Pack(items, allocator),
                packing.Pack(rows.Positions, allocator, report),
                rows,
                items.Form with
                {
                    Projection = projection is null ? null : new Projection(projection.Rows.CopyTo(allocator.Take<sbyte>(projection.Rows.Values.Length))),
                },
                projection is null ? null : items.PackRefining(allocator.Take<byte>(RefiningRows.Length(items.Count, projection.Dimension))));
        }
        catch
        {
            allocator.Memory.Dispose();
            throw;
        }
    }
}
