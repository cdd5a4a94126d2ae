using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class StringPoolTests
{
    [Fact]
    public void Every_text_comes_back_and_equal_texts_are_one_object() =>
        Gen.OneOf(Gen.String[Gen.Char["aé€"], 0, 3], Gen.String[0, 300]).Array[0, 400].Sample(texts =>
        {
            var (pool, known) = (new StringPool(), new Dictionary<string, string>());
            foreach (var text in texts)
            {
                var utf8 = Encoding.UTF8.GetBytes(text);
                var valid = Encoding.UTF8.GetString(utf8);
                Assert.True(pool.TryGet(utf8, out var pooled));
                Assert.Equal(valid, pooled);
                if (utf8.Length <= 256)
                {
                    Assert.Same(known.TryAdd(valid, pooled) ? pooled : known[valid], pooled);
                }
            }
        });

    [Fact]
    public void A_hundred_thousand_texts_stay_apart()
    {
        var pool = new StringPool();
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < 100_000; number++)
            {
                Assert.True(pool.TryGet(Encoding.ASCII.GetBytes($"{number}"), out var text));
                if (text != $"{number}")
                {
                    Assert.Equal($"{number}", text);
                }
            }
        }
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        Assert.False(new StringPool().TryGet([0xC3], out _));
        Assert.False(new StringPool().TryGet([0xED, 0xA0, 0x80], out _));
        Assert.False(new StringPool().TryGet(Enumerable.Repeat((byte)0xFF, 300).ToArray(), out _));
    }
}
