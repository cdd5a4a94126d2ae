using System.Text;
using CsCheck;

namespace DotRec.Indexing.Tests;

public class Xxh64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0xD24EC4F1A98C6E5BUL)]
    [InlineData("abc", 0x44BC2CF5AD770999UL)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1UL)]
    public void Known_answers(string text, ulong expected) => Assert.Equal(expected, Xxh64.Hash(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Parts_of_any_length_hash_as_the_whole() =>
        Gen.Byte.Array[0, 90].Array[0, 6].Sample(parts =>
        {
            var hash = new Xxh64();
            foreach (var part in parts)
            {
                hash.Append(part);
            }

            Assert.Equal(Xxh64.Hash(parts.SelectMany(part => part).ToArray()), hash.Result());
        });

    [Fact]
    public void An_integer_hashes_as_its_eight_bytes() =>
        Gen.Long.Sample(value => Assert.Equal(Xxh64.Hash(BitConverter.GetBytes(value)), Xxh64.Hash(value)));
}
