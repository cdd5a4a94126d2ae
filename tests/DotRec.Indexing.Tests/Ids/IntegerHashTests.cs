using System.IO.Hashing;
using CsCheck;

namespace DotRec.Indexing.Tests;

public class IntegerHashTests
{
    [Fact]
    public void An_integer_hashes_as_its_eight_bytes() =>
        Gen.Long.Sample(value => Assert.Equal(XxHash64.HashToUInt64(BitConverter.GetBytes(value)), IntegerHash.Of(value)));
}
