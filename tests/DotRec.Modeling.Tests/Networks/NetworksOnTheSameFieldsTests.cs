using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class NetworksOnTheSameFieldsTests
{
    private static readonly FeatureBatch Train = ClickRows.Of(600, seed: 1);
    private static readonly string[] Columns = ["user", "item", "age", "title"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Training_one_leaves_the_other_as_it_was()
    {
        var fields = Fields.Of(Train, Columns, ClickRows.Options);
        var (first, second) = (new RankingModel(new DeepCrossNetwork(fields), "clicked"), new RankingModel(new MlpNetwork(fields), "clicked"));
        first.Fit(Train, cancellationToken: Token);
        var before = first.Predict(Train);

        second.Fit(Train, cancellationToken: Token);

        Assert.Equal(before, first.Predict(Train));
        Assert.Empty(first.Parameters.Intersect(second.Parameters));
    }

    [Fact]
    public void A_network_trains_as_on_fields_of_its_own()
    {
        var fields = Fields.Of(Train, Columns, ClickRows.Options);
        new RankingModel(new WideAndDeep(fields, crosses: [["user", "item"]]), "clicked").Fit(Train, cancellationToken: Token);
        var after = new RankingModel(new MlpNetwork(fields), "clicked");
        var alone = new RankingModel(new MlpNetwork(Fields.Of(Train, Columns, ClickRows.Options)), "clicked");

        after.Fit(Train, cancellationToken: Token);
        alone.Fit(Train, cancellationToken: Token);

        Assert.Equal(alone.Predict(Train), after.Predict(Train));
    }

    [Fact]
    public void A_table_made_before_its_field_is_shared()
    {
        var table = new Embedding(4);
        Field[] fields = [new Field("user", new StringLookup("user", Train), () => table)];
        var (first, second) = (new RankingModel(new MlpNetwork(fields), "clicked"), new RankingModel(new MlpNetwork(fields), "clicked"));
        first.Fit(Train, cancellationToken: Token);
        second.Fit(Train, cancellationToken: Token);

        Assert.Equal([table.Table!], first.Parameters.Intersect(second.Parameters));
    }
}
