using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Routes over centroids of one component, whose scores against the query 1 are themselves.</summary>
public sealed class PartitionRouteTests
{
    [Fact]
    public void Helpings_are_the_best_that_are_left_the_best_of_each_first_and_the_others_in_the_order_of_memory()
    {
        var route = Begin([1, 2, 9, 8, 3, 7]);
        Assert.Equal(0, route.Count);
        Assert.True(route.Take(3));
        Assert.Equal([2, 3, 5], route.Partitions);
        Assert.Equal([9f, 8f, 7f], route.Biases);
        Assert.True(route.Take(2));
        Assert.Equal([2, 3, 5, 4, 1], route.Partitions);
        Assert.True(route.Take(100));
        Assert.Equal([2, 3, 5, 4, 1, 0], route.Partitions);
        Assert.Equal([9f, 8f, 7f, 3f, 2f, 1f], route.Biases);
        Assert.False(route.Take(1));
        Assert.Equal(6, route.Count);
    }

    [Fact]
    public void The_best_comes_first_wherever_it_is()
    {
        var route = Begin([5, 6, 3, 7, 4]);
        Assert.True(route.Take(4));
        Assert.Equal([3, 0, 1, 4], route.Partitions);
        Assert.Equal([7f, 5f, 6f, 4f], route.Biases);
    }

    [Fact]
    public void Of_equal_ones_the_first_are_taken_and_they_keep_no_better_one_out()
    {
        var route = Begin([5, 5, 5, 9, 5]);
        Assert.True(route.Take(2));
        Assert.Equal([3, 0], route.Partitions);
        Assert.True(route.Take(2));
        Assert.Equal([3, 0, 1, 2], route.Partitions);
    }

    [Fact]
    public void Of_all_equal_ones_so_many_are_taken_as_were_asked_for()
    {
        var route = Begin([0, 0, 0, 0, 0, 0]);
        for (var count = 1; count <= 6; count++)
        {
            Assert.True(route.Take(1));
            Assert.Equal(Enumerable.Range(0, count), route.Partitions.ToArray());
        }

        Assert.False(route.Take(1));
    }

    [Fact]
    public void From_a_score_on_all_are_taken_whose_unit_makes_up_for_what_is_missing()
    {
        var route = Begin([10, 6, 6, 0, -3]);
        float[] units = [1, 1, 3, 20, 2];
        Assert.True(route.Take(1));

        // With half a unit they come up to 10.5, 6.5, 7.5, 10 and −2.
        Assert.True(route.TakeFrom(10, 0.5f, units));
        Assert.Equal([0, 3], route.Partitions);
        Assert.Equal([10f, 0f], route.Biases);
        Assert.False(route.TakeFrom(10, 0.5f, units));

        // With two units to 12, 8, 12, 40 and 1.
        Assert.True(route.TakeFrom(10, 2, units));
        Assert.Equal([0, 3, 2], route.Partitions);
        Assert.True(route.Take(1));
        Assert.Equal([0, 3, 2, 1], route.Partitions);
        Assert.True(route.TakeFrom(float.NegativeInfinity, 0, units));
        Assert.Equal([0, 3, 2, 1, 4], route.Partitions);
        Assert.False(route.TakeFrom(float.NegativeInfinity, 0, units));
    }

    [Fact]
    public void Helpings_of_hundreds_are_those_of_sorting()
    {
        var random = new SeededRandom(3);
        for (var trial = 0; trial < 200; trial++)
        {
            var scores =
                Enumerable.Range(0, 1 + random.NextInt(300)).Select(_ => (float)(trial % 2 == 0 ? random.NextInt(9) - 4 : random.NextNormal())).ToArray();
            var route = Begin(scores);
            var sorted = scores.Index().OrderByDescending(pair => pair.Item).ThenBy(pair => pair.Index).Select(pair => pair.Index).ToArray();
            for (var from = 0; from < scores.Length;)
            {
                var count = 1 + random.NextInt(100);
                Assert.True(route.Take(count));
                var helping = route.Partitions[from..].ToArray();
                Assert.Equal(sorted[from..Math.Min(scores.Length, from + count)].Order(), helping.Order());
                Assert.Equal(scores[sorted[from]], scores[helping[0]]);
                Assert.Equal(helping.Select(partition => scores[partition]), route.Biases[from..].ToArray());
                from += helping.Length;
            }
        }
    }

    // A used route, as searches have it.
    private static unsafe PartitionRoute Begin(float[] scores)
    {
        var route = new PartitionRoute();
        var query = stackalloc float[16];
        query[0] = 1;
        foreach (var values in new[] { [4f, 3f, 2f, 1f], scores })
        {
            route.Begin<PanelPortable>(new PartitionRouter(EmbeddingPanels.Pack(values, 1, ScoreFunction.Dot)), query);
            Assert.Equal(0, route.Count);
            if (!ReferenceEquals(values, scores))
            {
                route.Take(3);
            }
        }

        return route;
    }
}
