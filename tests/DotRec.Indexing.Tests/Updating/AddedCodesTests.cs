using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>
/// Whatever is added and deleted, a partition is scanned as a list of its living items would be, in few runs, and older views see what they saw.
/// </summary>
public sealed class AddedCodesTests
{
    private const int Dimension = 8;
    private const int Items = 3000;
    private const int Steps = 60;

    private static readonly float[] s_items = Corpus.Clustered(95, Items, Dimension);

    [Theory]
    [InlineData(1, 8, false)]
    [InlineData(2, 8, true)]
    [InlineData(3, 1, false)]
    public unsafe void Runs_hold_every_living_entry_once_with_its_code_and_its_scale(ulong seed, int partitions, bool soar)
    {
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = partitions, Soar = soar };
        using var index = ScannIndex.Build(s_items, Dimension, options: options, cancellationToken: TestContext.Current.CancellationToken);
        var snapshot = index.Snapshot;
        var (random, items) = (new SeededRandom(seed), LiveItems.Of(index));
        var (codes, dead) = (AddedCodes.Empty(snapshot.Codes), Tombstones.None);
        var expected = Expected(snapshot.Codes);
        var (views, next) = (new List<(AddedCodes Codes, Tombstones Dead, HashSet<Entry> Expected)>(), Items);
        for (var step = 0; step < Steps; step++)
        {
            if (random.NextInt(3) > 0)
            {
                var coded = Coded(random, snapshot, 1 + random.NextInt(200), partitions);
                codes = codes.With(coded, next, dead);
                for (var i = 0; i < coded.Count; i++)
                {
                    expected.Add(
                        EntryOf(coded.Partitions[i], next + i, coded.Codes.AsSpan(i * snapshot.Codes.Subspaces, snapshot.Codes.Subspaces), coded.Scales[i]));
                }

                next += coded.Count;
            }
            else
            {
                var chosen = expected.Select(entry => entry.Position).Distinct().Order().Where(_ => random.NextInt(8) == 0).ToHashSet();
                var (entries, gone) = (new List<long>(), new List<(int, int)>());
                foreach (var entry in expected.Where(entry => chosen.Contains(entry.Position)).DistinctBy(entry => entry.Position))
                {
                    if (entry.Position < Items)
                    {
                        items.AddEntries(entry.Position, entries, gone);
                    }
                    else
                    {
                        gone.Add((entry.Partition, entry.Position));
                    }
                }

                dead = dead.With(entries);
                codes = codes.Without(gone, dead);
                expected.RemoveWhere(entry => chosen.Contains(entry.Position));
            }

            views.Add((codes, dead, [.. expected]));
        }

        foreach (var view in views)
        {
            AssertSame(view.Expected, Scanned(LiveChanges.None(items, Items) with { Codes = view.Codes, DeadEntries = view.Dead }, out var greatest));
            Assert.InRange(greatest, 1, partitions == 1 ? 10 : 4);
        }
    }

    // What a search goes through.
    private static unsafe HashSet<Entry> Scanned(LiveChanges changes, out int maxRuns)
    {
        var (space, mask, found) = (new SearchSpace(changes), new EntryMask(), new HashSet<Entry>());
        mask.Begin(space, null);
        var runs = new EntryRuns(space, mask.IsOpen ? null : mask);
        maxRuns = 0;
        EntryRun run;
        for (var partition = 0; partition < space.Items.Codes.PartitionCount; partition++)
        {
            var (count, codes) = (0, new byte[space.Items.Codes.Subspaces]);
            for (runs.Begin(partition); runs.Next(&run); count++)
            {
                for (var entry = 0; entry < run.Packed.Count; entry++)
                {
                    if (run.Packed.Allowed != null && (run.Packed.Allowed[entry >> 6] >> (entry & 63) & 1) == 0)
                    {
                        continue;
                    }

                    var position = run.Positions == null ? run.FirstPosition + entry : run.Positions[entry];
                    Assert.True(entry >= run.InOrder || position == run.FirstPosition + entry);
                    var blockBytes = run.Packed.Rows * PackedLookup.RowBytes;
                    var block = new ReadOnlySpan<byte>(run.Packed.Codes + (entry / PackedLookup.BlockItems * blockBytes), blockBytes);
                    for (var row = 0; row < codes.Length; row++)
                    {
                        codes[row] = (byte)PackedLookup.Unpack(block, entry % PackedLookup.BlockItems, row);
                    }

                    Assert.True(found.Add(EntryOf(partition, position, codes, run.Packed.Scales[entry] * run.Unit / PackedCodes.ScaleOne)));
                }
            }

            maxRuns = Math.Max(maxRuns, count);
        }

        return found;
    }

    private static unsafe HashSet<Entry> Expected(PackedCodes codes)
    {
        var index = new HashSet<Entry>();
        var values = new byte[codes.Subspaces];
        for (var partition = 0; partition < codes.PartitionCount; partition++)
        {
            var place = codes.Partitions[partition];
            for (var entry = 0; entry < place.Count; entry++)
            {
                var at = ((long)place.FirstBlock * PackedLookup.BlockItems) + entry;
                var blockBytes = codes.Subspaces * PackedLookup.RowBytes;
                for (var row = 0; row < values.Length; row++)
                {
                    values[row] = (byte)PackedLookup.Unpack(
                        codes.Codes.Span(at / PackedLookup.BlockItems * blockBytes, blockBytes), (int)(at % PackedLookup.BlockItems), row);
                }

                var position = codes.HasSpilled ? codes.SpilledPositions[at] : place.FirstPosition + entry;
                index.Add(EntryOf(partition, position, values, codes.Scales[at] * place.ScaleUnit / PackedCodes.ScaleOne));
            }
        }

        return index;
    }

    private static CodedEntries Coded(SeededRandom random, ScannSnapshot snapshot, int count, int partitions)
    {
        var codes = new byte[count * snapshot.Codes.Subspaces];
        foreach (ref var code in codes.AsSpan())
        {
            code = (byte)random.NextInt(PackedLookup.Codewords);
        }

        var places = Enumerable.Range(0, count).Select(_ => random.NextInt(partitions)).ToArray();

        // A few are farther from the centroid than any item of the index.
        double Share() => random.NextInt(50) == 0 ? 1 + (3 * random.NextDouble()) : random.NextDouble();
        var scales = places.Select(place => snapshot.Codes.Partitions[place].ScaleUnit * (float)Share()).ToArray();
        return new CodedEntries(places, codes, scales);
    }

    // Scales are rounded to a 32,767th of a unit.
    private static void AssertSame(HashSet<Entry> expected, HashSet<Entry> found)
    {
        static (int, int, string) Key(Entry entry) => (entry.Partition, entry.Position, entry.Codes);
        var byKey = expected.ToDictionary(Key);
        Assert.Equal(expected.Count, found.Count);
        Assert.All(found, entry => Assert.InRange(Math.Abs(byKey[Key(entry)].Scale - entry.Scale), 0, 1e-3f * (1 + Math.Abs(entry.Scale))));
    }

    private static Entry EntryOf(int partition, int position, ReadOnlySpan<byte> codes, float scale) =>
        new(partition, position, Convert.ToHexString(codes), scale);

    private readonly record struct Entry(int Partition, int Position, string Codes, float Scale);
}
