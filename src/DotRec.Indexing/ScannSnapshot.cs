namespace DotRec.Indexing;

/// <summary>Everything a search of an approximate index reads. Never changes; all of it lies in one block of memory.</summary>
/// <param name="Router">Which partitions to scan.</param>
/// <param name="Tables">What a query's lookup tables are made of.</param>
/// <param name="Codes">What is scanned.</param>
/// <param name="Rows">What final scores are made of.</param>
/// <param name="Form">What queries are brought into to be scored against centroids and codes.</param>
internal sealed record ScannSnapshot(PartitionRouter Router, LookupTables Tables, PackedCodes Codes, RescoringRows Rows, CodedForm Form)
{
    public ScoreFunction ScoreFunction => Form.ScoreFunction;


    public int Count => Rows.Count;

    public int Dimension => Rows.Dimension;

    public IndexMemory Memory => Rows.Rows.Memory;

    /// <summary>Codes and packs the items of a build, with the rows it was made of.</summary>
    public static ScannSnapshot Pack(QuantizedItems items, EmbeddingSource source, ScoreFunction scoreFunction, RescoringFormat format, BuildReport report)
    {
        report.Begin(ScannStage.Encoding);
        var packing = new CodePacking(items);
        var bases = format == RescoringFormat.Int8 ? RowBases.Find(source, scoreFunction == ScoreFunction.Cosine, items.Members, report) : RowBases.None;
        var allocator = new SectionAllocator(
            packing.ByteLength
            + SectionAllocator.Bytes<float>(PartitionRouter.Length(items.PartitionCount, items.Dimension))
            + SectionAllocator.Bytes<float>(LookupTables.Length(items.BlockCount))
            + RescoringPacking.ByteLength(items.Count, source.Dimension, scoreFunction, format, bases));
        try
        {
            var rows = RescoringPacking.Pack(source, items.Members.Rows, scoreFunction, format, bases, allocator);
            return new ScannSnapshot(
                PartitionRouter.Pack(items, allocator),
                LookupTables.Pack(items, allocator),
                packing.Pack(rows.Positions, allocator, report),
                rows,
                items.Form);
        }
        catch
        {
            allocator.Memory.Dispose();
            throw;
        }
    }
}
