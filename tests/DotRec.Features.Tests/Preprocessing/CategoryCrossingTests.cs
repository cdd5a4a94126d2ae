using DotRec.Data;

namespace DotRec.Features.Tests;

public sealed class CategoryCrossingTests
{
    private static readonly FeatureBatch People = new(
        new Column<string>("gender", ["f", "m", "f", "x"]),
        new Column<float>("age", [10, 30, 70, float.NaN]),
        new Column<string>("genres", ["war"], [0, 1, 1, 1, 1]));

    [Fact]
    public void Full_cross_numbers_every_combination()
    {
        // Gender rows: f 1, m 2, unknown 0; age bins: below 18, 18 to 64, 65 and more. 3 x 3 combinations, 3 · gender + age.
        var layer = new CategoryCrossing([new StringLookup("gender", ["f", "m"]), new Discretization("age", [18, 65])]);
        Assert.Equal([3, 7, 5, 0], layer.Encode(People).Values.ToArray());
        Assert.Equal(EncodedSchema.Ids(9), layer.Output);
        Assert.Equal(new OovStatistics(4, 1), layer.EncodeStatistics);
        Assert.Equal("CategoryCrossing(StringLookup(\"gender\") × Discretization(\"age\")): 9 combinations", layer.ToString());
    }

    [Fact]
    public void Hashed_cross_hashes_the_number_of_the_combination()
    {
        PreprocessingLayer[] layers = [new StringLookup("gender", ["f", "m"]), new Discretization("age", [18, 65])];
        var layer = new CategoryCrossing(layers, bins: 1000, salt: 7);
        Assert.Equal(new long[] { 3, 7, 5, 0 }.Select(number => (int)(MurmurHash3.Hash(number, 7) % 1000)), layer.Encode(People).Values.ToArray());
        Assert.Equal("CategoryCrossing(StringLookup(\"gender\") × Discretization(\"age\")): 1,000 bins, salt 7", layer.ToString());
    }

    [Fact]
    public void Layers_are_adapted_together()
    {
        var layer = new CategoryCrossing([new StringLookup("gender"), new Discretization("age", bins: 2)]);
        Assert.False(layer.IsAdapted);
        Assert.Equal("CategoryCrossing(StringLookup(\"gender\") × Discretization(\"age\")): not adapted", layer.ToString());
        Assert.Throws<InvalidOperationException>(() => layer.Encode(People));
        layer.Adapt(People);
        Assert.Equal(EncodedSchema.Ids(4 * 2), layer.Output);
        Assert.Equal(["gender", "age"], layer.Inputs.Select(input => input.Name));
    }

    [Fact]
    public void What_cannot_be_crossed_is_refused()
    {
        var gender = new StringLookup("gender", People);
        Refusal.Of(() => new CategoryCrossing([gender]), "has 1 layers to cross; at least 2 are needed.");
        Refusal.Of(() => new CategoryCrossing([gender, gender], bins: 0), "bins is 0; expected 1 or more.");
        Refusal.Of(() => new CategoryCrossing([gender, new StringLookup("genres")], People), "gives a list of ids of 2. Lists cannot be crossed.");
        Refusal.Of(() => new CategoryCrossing([gender, new Numeric("age", People)]), "gives a real number. Use Discretization first.");
        var large = new Hashing("gender", People, bins: int.MaxValue);
        Refusal.Of(() => new CategoryCrossing([large, large]), "has 4,611,686,014,132,420,609 combinations; at most 2,147,483,647 can be numbered. Give bins to hash them.");
        Refusal.Of(() => new CategoryCrossing([large, large, large, large, large], bins: 10), "has 45,671,926,060,252,476,630,107,084,286,792,841,360,213,803,007 combinations;");
        Refusal.Of(() => new CategoryCrossing([large, large, large], bins: 10), "combinations; at most 9,223,372,036,854,775,807 can be hashed. Cross fewer or smaller layers.");
    }
}
