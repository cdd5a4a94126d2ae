using DotRec.Data;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' sample_listwise draws by RandomState(seed).choice(range(n), length, replace=False), list after list, users in the order of appearance.</summary>
public class SampleListwiseTests
{
    [Fact]
    public void Numpys_permutations_give_numpys_lists()
    {
        string[] users = ["b", "a", "a", "b", "c", "a", "b", "a"];
        var data = new FeatureBatch(new Column<string>("user_id", users), new Column<long>("row", [0, 1, 2, 3, 4, 5, 6, 7]));
        var numpy = new NumpyRandom(42);

        var lists = ListSampling.SampleLists(data, "user_id", 2, 3, "list", numpy.Permutation);

        // User b has rows 0, 3, 6 and user a rows 1, 2, 5, 7; user c has too few.
        var again = new NumpyRandom(42);
        long[][] rows = [[0, 3, 6], [0, 3, 6], [1, 2, 5, 7], [1, 2, 5, 7]];
        Assert.Equal(rows.SelectMany(own => again.Permutation(own.Length).Take(3).Select(i => own[i])), lists.Get<long>("row").Values.ToArray());
        Assert.Equal([0L, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3], lists.Get<long>("list").Values.ToArray());
    }

    [Fact]
    public void A_list_is_the_beginning_of_a_permutation()
    {
        var data = new FeatureBatch(new Column<long>("user_id", new long[10]), new Column<long>("row", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));

        var lists = ListSampling.SampleLists(data, "user_id", 1, 10, "list", new NumpyRandom(42).Permutation);

        // numpy: RandomState(42).permutation(10).
        Assert.Equal([8L, 1, 5, 0, 7, 2, 9, 4, 3, 6], lists.Get<long>("row").Values.ToArray());
    }
}
