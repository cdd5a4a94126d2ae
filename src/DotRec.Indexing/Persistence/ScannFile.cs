using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// A <see cref="ScannIndex"/> as a file: every section is what a search reads, used where it is mapped. Checked at opening is what kernels
/// read by address, which is small: the table of partitions and the codewords. Everything else is checked where it is used.
/// </summary>
internal static class ScannFile
{
    // Codewords are parts of vectors of length 1.
    private const float MaxCodeword = 1 << 16;

    public static void Write(string path, ScannIndex index) => ArtifactWriter.Write(path, ArtifactKind.Scann, writer =>
    {
        var (router, tables, codes, rows, form, refining) = index.Snapshot;
        writer.Begin(SectionTag.Properties);
        writer.Append<IndexProperties>([IndexProperties.Of(index)]);
        writer.Begin(SectionTag.ScannProperties);
        writer.Append<ScannProperties>([ScannProperties.Of(index)]);
        if (form.Projection is not null && refining is not null)
        {
            writer.Section(SectionTag.Projection, form.Projection.Rows.Values);
            writer.Section(SectionTag.RefiningRows, refining.Values);
        }

        writer.Section(SectionTag.Centroids, router.Centroids.Values);
        writer.Section(SectionTag.Codewords, tables.Codewords);
        writer.Section(SectionTag.Partitions, codes.Partitions);
        writer.Section(SectionTag.Codes, codes.Codes);
        writer.Section(SectionTag.CodeScales, codes.Scales);
        writer.Section(SectionTag.SpilledPositions, codes.SpilledPositions);
        writer.Section(SectionTag.RescoringRows, rows.Values);
        writer.Section(SectionTag.RescoringFactors, rows.Factors);
        writer.Section(SectionTag.RescoringLengths, rows.Lengths);
        writer.Section(SectionTag.RowsByPosition, rows.Rows);
        writer.Section(SectionTag.PositionsByRow, rows.Positions);
        if (form.Lift is { } lift && !lift.Origin.IsEmpty)
        {
            writer.Begin(SectionTag.LiftOrigin);
            writer.Append(lift.Origin);
        }

        if (rows.Bases.Length > 0)
        {
            writer.Section(SectionTag.RescoringBases, rows.Bases);
            writer.Section(SectionTag.RescoringBaseNumbers, rows.BaseNumbers);
        }

        ItemIdSections.Write(writer, index.Ids);
    }, FormatOf(index.Snapshot));

    public static ScannIndex Read(ArtifactFile file)
    {
        var properties = IndexProperties.Read(file);
        var scann = ScannProperties.Read(file, properties);
        var (count, dimension, function) = (properties.Count, properties.Dimension, properties.ScoreFunction);
        var form = new CodedForm(
            function,
            dimension,
            ReadProjection(file, scann, dimension),
            function == ScoreFunction.NegatedSquaredL2 ? ReadLift(file, scann, dimension) : null,
            Math.ScaleB(1, scann.FactorExponent));
        var subspaces = QuantizedItems.BlocksOf(form.Dimension, scann.BlockWidth);
        var centroids = file.Read<float>(SectionTag.Centroids, PartitionRouter.Length(scann.PartitionCount, form.Dimension));
        var bases = ReadBases(file, scann, dimension);
        var rows = new RescoringRows(
            scann.RescoringFormat,
            file.Read<byte>(SectionTag.RescoringRows, (long)count * dimension * scann.RescoringFormat.ByteWidth()),
            file.Read<float>(SectionTag.RescoringFactors, RescoringPacking.FactorCount(count, function, scann.RescoringFormat)),
            file.Read<float>(SectionTag.RescoringLengths, RescoringPacking.LengthCount(count, function, scann.RescoringFormat)),
            file.Read<int>(SectionTag.RowsByPosition, count),
            file.Read<int>(SectionTag.PositionsByRow, count),
            dimension,
            scann.MaxLength,
            bases,
            bases.Length > 0 ? file.Read<int>(SectionTag.RescoringBaseNumbers, count) : default);
        var snapshot = new ScannSnapshot(
            new PartitionRouter(new EmbeddingPanels(centroids, default, scann.PartitionCount, form.Dimension), form.Projection is not null),
            ReadTables(file, subspaces, scann.BlockWidth),
            ReadCodes(file, scann, count, subspaces),
            rows,
            form,
            scann.CodedDimension == 0
                ? null
                : new RefiningRows(file.Read<byte>(SectionTag.RefiningRows, RefiningRows.Length(count, scann.CodedDimension)), count, scann.CodedDimension));
        return new ScannIndex(
            snapshot,
            ItemIdSections.Read(file, properties),
            new SearchDefaults(
                new ScannSearchOptions(Given(scann.PartitionsToSearch), Given(scann.RescoringCount)),
                scann.CalibratedK > 0 ? scann.CalibratedK : 10,
                scann.CalibratedK > 0 ? new SearchMargins(scann.RouteMargin, scann.ScoreMargin) : SearchMargins.Unknown)
            {
                PartitionCount = scann.CalibratedK > 0 ? scann.PartitionCount : 0,
            },
            PackedLookupKernels.Current);
    }

    // Files of format 1 know one added component, and no origin.
    private static L2Lift ReadLift(ArtifactFile file, in ScannProperties scann, int dimension) => new(
        scann.LiftCenter,
        scann.LiftQueryValue,
        Math.Max(1, scann.LiftWidth),
        file.Has(SectionTag.LiftOrigin) ? file.Read<float>(SectionTag.LiftOrigin, dimension).Span(0, dimension).ToArray() : null);

    // Older readers would take 8-bit rows to be relative to zeros, and queries to be lifted where they are.
    private static int FormatOf(ScannSnapshot snapshot) =>
        snapshot.Rows.Bases.Length > 0 || snapshot.Form.Projection is not null || snapshot.Form.Lift is { Width: > 1 } or { Origin.IsEmpty: false }
            ? ArtifactLayout.Version
            : ArtifactLayout.FirstVersion;

    private static Section<float> ReadBases(ArtifactFile file, in ScannProperties scann, int dimension)
    {
        if (scann.RescoringFormat != RescoringFormat.Int8 || !file.Has(SectionTag.RescoringBases))
        {
            return default;
        }

        var bases = file.Read<float>(SectionTag.RescoringBases);
        return bases.Length > 0 && bases.Length % dimension == 0
            ? bases
            : throw new ArtifactFormatException(
                file.Memory.Source, null,
                $"8-bit rows are relative to {bases.Length} values, no whole number of embeddings of {dimension}. The file is damaged.");
    }

    private static int? Given(int value) => value == 0 ? null : value;

    // Any whole numbers give a projection, if a bad one; only their steps could give what is no number.
    private static Projection? ReadProjection(ArtifactFile file, in ScannProperties properties, int dimension)
    {
        if (properties.CodedDimension == 0)
        {
            return null;
        }

        var values = file.Read<sbyte>(SectionTag.Projection, BytePanels.Length(properties.CodedDimension, dimension));
        var rows = new BytePanels(values, properties.CodedDimension, dimension);
        return rows.MaxStep() <= 1
            ? new Projection(rows)
            : throw new ArtifactFormatException(
                file.Memory.Source, null, $"a step of the projection is {rows.MaxStep()}; at most 1 is possible. The file is damaged.");
    }

    private static LookupTables ReadTables(ArtifactFile file, int subspaces, int width)
    {
        var codewords = file.Read<float>(SectionTag.Codewords, LookupTables.Length(subspaces, width));
        for (var i = 0L; i < codewords.Length; i++)
        {
            // False for NaN too.
            if (!(Math.Abs(codewords[i]) <= MaxCodeword))
            {
                throw new ArtifactFormatException(
                    file.Memory.Source, null, $"codeword component {i} is {codewords[i]}; at most {MaxCodeword} is possible. The file is damaged.");
            }
        }

        return new LookupTables(codewords, subspaces, width);
    }

    private static PackedCodes ReadCodes(ArtifactFile file, in ScannProperties properties, int count, int subspaces)
    {
        var partitions = file.Read<PackedPartition>(SectionTag.Partitions, properties.PartitionCount);
        var blocks = CheckPartitions(file, partitions, count, properties.HasSpilled == 1);
        return new PackedCodes(
            partitions,
            file.Read<byte>(SectionTag.Codes, blocks * subspaces * PackedLookup.RowBytes),
            file.Read<short>(SectionTag.CodeScales, blocks * PackedLookup.BlockItems),
            file.Read<int>(SectionTag.SpilledPositions, properties.HasSpilled * blocks * PackedLookup.BlockItems),
            subspaces);
    }

    // Partitions follow one another without gaps. Returns the number of blocks.
    private static long CheckPartitions(ArtifactFile file, Section<PackedPartition> partitions, int count, bool hasSpilled)
    {
        var (block, position) = (0L, 0);
        for (var i = 0; i < partitions.Length; i++)
        {
            var partition = partitions[i];
            if (partition.FirstBlock != block || partition.FirstPosition != position
                || partition.ItemCount < 0 || partition.ItemCount > count - position
                || partition.Count < partition.ItemCount || (partition.Count > partition.ItemCount && !hasSpilled)
                || !float.IsFinite(partition.ScaleUnit))
            {
                throw new ArtifactFormatException(
                    file.Memory.Source, null,
                    $"{partition} (number {i}) does not follow block {block} and position {position} of {count} items. The file is damaged.");
            }

            block += PackedLookup.CountBlocks(partition.Count);
            position += partition.ItemCount;
        }

        return position == count
            ? block
            : throw new ArtifactFormatException(file.Memory.Source, null, $"the partitions hold {position} of {count} items. The file is damaged.");
    }
}
