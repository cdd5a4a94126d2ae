using CsCheck;

namespace DotRec.Indexing.Tests;

public class RowSetTests
{
    [Fact]
    public void It_holds_what_it_was_last_given() =>
        Gen.Int[-1, 400].Array[0, 60].Array[1, 4].Sample(contents =>
        {
            var set = new RowSet();
            foreach (var rows in contents)
            {
                set.Replace(rows, 401);
                Assert.All(Enumerable.Range(0, 401), row => Assert.Equal(rows.Contains(row), set.Contains(row)));
            }
        });
}
