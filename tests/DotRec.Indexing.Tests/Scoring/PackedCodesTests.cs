using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class PackedCodesTests
{
    [Fact]
    public void Partitions_and_second_entries_of_a_layout_by_hand()
    {
        // Partition 1 has three items, and a copy of the last one; partition 2 fills a block and begins another, with copies of the first two.
        PackedPartition[] places =
        [
            new(0, 0, 0, 0, 1),
            new(0, 0, 4, 3, 2),
            new(1, 3, 132, 130, 3),
            new(3, 133, 0, 0, 4),
            new(3, 133, 1, 1, 5),
            new(4, 134, 0, 0, 6),
        ];
        var (partitions, spilled) = (AllocatedMemory.New<PackedPartition>(places.Length), AllocatedMemory.New<int>(4 * PackedLookup.BlockItems));
        for (var partition = 0; partition < places.Length; partition++)
        {
            partitions[partition] = places[partition];
            for (var entry = 0; entry < places[partition].ItemCount; entry++)
            {
                spilled[(places[partition].FirstBlock * PackedLookup.BlockItems) + entry] = places[partition].FirstPosition + entry;
            }
        }

        spilled[3] = 133;
        spilled[(1 * PackedLookup.BlockItems) + 130] = 0;
        spilled[(1 * PackedLookup.BlockItems) + 131] = 1;
        var codes = new PackedCodes(partitions, default, AllocatedMemory.New<short>(4 * PackedLookup.BlockItems), spilled, 2);
        Assert.Equal((4L, true), (codes.BlockCount, codes.HasSpilled));
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], codes.Units);
        Assert.Equal(
            [1, 1, 1, .. Enumerable.Repeat(2, 130), 4],
            Enumerable.Range(0, 134).Select(codes.PartitionOf));
        Assert.Equal((1, 3), codes.SpilledEntryOf(133));
        Assert.Equal((2, 130), codes.SpilledEntryOf(0));
        Assert.Equal((2, 131), codes.SpilledEntryOf(1));
        Assert.All(Enumerable.Range(2, 131), position => Assert.Equal((-1, -1), codes.SpilledEntryOf(position)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_position_of_an_index_is_in_its_partition_and_every_copy_leads_back(bool soar)
    {
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 60, Soar = soar };
        using var index = ScannIndex.Build(Corpus.Clustered(3, 3000, 6), 6, options: options, cancellationToken: TestContext.Current.CancellationToken);
        var codes = index.Snapshot.Codes;
        var (next, copies) = (0, 0);
        for (var partition = 0; partition < codes.PartitionCount; partition++)
        {
            var place = codes.Partitions[partition];
            Assert.Equal(next, place.FirstPosition);
            next += place.ItemCount;
            for (var entry = 0; entry < place.Count; entry++)
            {
                var position = soar ? codes.SpilledPositions[((long)place.FirstBlock * PackedLookup.BlockItems) + entry] : place.FirstPosition + entry;
                if (entry < place.ItemCount)
                {
                    Assert.Equal((place.FirstPosition + entry, partition), (position, codes.PartitionOf(position)));
                }
                else
                {
                    Assert.Equal((partition, entry), codes.SpilledEntryOf(position));
                    Assert.NotEqual(partition, codes.PartitionOf(position));
                    copies++;
                }
            }
        }

        Assert.Equal(3000, next);
        Assert.Equal(soar, codes.HasSpilled);
        Assert.Equal(soar ? 3000 : 0, copies);
    }
}
