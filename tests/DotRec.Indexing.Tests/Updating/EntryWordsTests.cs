using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class EntryWordsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(700)]
    public void Kept_entries_are_numbered_anew_in_their_order(int count)
    {
        var random = new SeededRandom(3);
        foreach (var share in new[] { 0, 0.1, 0.5, 0.9, 1 })
        {
            var kept = EntryWords.All(count);
            Assert.Equal((count, count), (EntryWords.Count(kept), EntryWords.CountLeading(kept)));
            var words = new ulong[kept.Length];
            var (set, bits) = (new List<bool>(), new List<int>());
            for (var entry = 0; entry < count; entry++)
            {
                var isIn = random.NextInt(2) == 0;
                words[entry >> 6] |= (isIn ? 1UL : 0) << (entry & 63);
                if (random.NextDouble() >= share)
                {
                    kept[entry >> 6] &= ~(1UL << (entry & 63));
                }
                else
                {
                    set.Add(isIn);
                    bits.Add(entry);
                }
            }

            var extracted = new ulong[kept.Length];
            EntryWords.Extract(words, kept, extracted);
            Assert.Equal(set, Enumerable.Range(0, set.Count).Select(entry => (extracted[entry >> 6] >> (entry & 63) & 1) != 0));
            Assert.Equal(set.Count(isIn => isIn), EntryWords.Count(extracted));

            Assert.Equal(set.Count(isIn => isIn), EntryWords.Narrow(kept, extracted));
            Assert.Equal(bits.Where((_, i) => set[i]), Enumerable.Range(0, count).Where(entry => (kept[entry >> 6] >> (entry & 63) & 1) != 0));
        }
    }
}
