using System.Text;
using DotRec.Data;

namespace DotRec.Features.Tests;

public sealed class HashingTests
{
    /// <summary>Published answers of the reference implementation.</summary>
    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514E28B7u)]
    [InlineData("", 0xFFFFFFFFu, 0x81F16F39u)]
    [InlineData("test", 0u, 0xBA6BD213u)]
    [InlineData("test", 0x9747B28Cu, 0x704B81DCu)]
    [InlineData("Hello, world!", 0u, 0xC0363E43u)]
    [InlineData("Hello, world!", 0x9747B28Cu, 0x24884CBAu)]
    [InlineData("Hello World!", 42u, 3565178u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747B28Cu, 0x2FA826CDu)]
    public void Hash_is_MurmurHash3_x86_32(string text, uint seed, uint expected) => Assert.Equal(expected, MurmurHash3.Hash(text, seed));

    [Fact]
    public void Text_is_hashed_as_UTF8_and_integers_as_eight_bytes()
    {
        var text = string.Concat(Enumerable.Repeat("жуки 🎬 ", 100));
        Assert.Equal(MurmurHash3.Hash(Encoding.UTF8.GetBytes(text), 9), MurmurHash3.Hash(text, 9));
        Assert.Equal(MurmurHash3.Hash([0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 9), MurmurHash3.Hash(-2, 9));
        Assert.Equal(MurmurHash3.Hash("", 9), MurmurHash3.Hash((string?)null, 9));
    }

    [Fact]
    public void Bins_fill_evenly_and_a_salt_gives_independent_ones()
    {
        var users = new FeatureBatch(new Column<long>("user", [.. Enumerable.Range(0, 100_000).Select(i => (long)i)]));
        var first = new Hashing("user", users, bins: 100).Encode(users).Values.ToArray();
        var second = new Hashing("user", users, bins: 100, salt: 1).Encode(users).Values.ToArray();

        // 1,000 expected a bin with deviation 31; 5.5 deviations either side.
        Assert.All(first.CountBy(bin => bin), bin => Assert.InRange(bin.Value, 830, 1170));
        Assert.Equal(100, first.Distinct().Count());

        // Independent bins agree on 1 % of the values.
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second), 830, 1170);
    }

    [Fact]
    public void The_type_of_the_column_is_given_or_learned()
    {
        Assert.False(new Hashing("user", bins: 3).IsAdapted);
        Assert.Equal([new ColumnSchema("user", ColumnType.Int64, IsJagged: true)], new Hashing("user", ColumnType.Int64, bins: 3, isJagged: true).Inputs);
        Assert.Equal("Hashing(\"user\"): 200,000 bins, salt 0", new Hashing("user", ColumnType.String, bins: 200_000).ToString());
    }

    [Fact]
    public void Too_few_bins_and_real_numbers_are_refused()
    {
        Assert.Contains("Hashing(\"user\"): bins is 0; expected 1 or more.", Assert.Throws<ArgumentOutOfRangeException>(() => new Hashing("user", bins: 0)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Hashing(\"user\") reads String or Int64 columns; column 'user' holds Float32 values.",
            Assert.Throws<ArgumentException>(() => new Hashing("user", ColumnType.Float32, bins: 2)).Message,
            StringComparison.Ordinal);
    }
}
