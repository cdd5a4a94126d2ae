using DotRec.Data;

namespace DotRec.Modeling.Tests;

/// <summary>What a ranking model makes of data that are not as they should be; the tool's form of these is in DotRec.Cli.Tests.</summary>
public class RankingInputTests
{
    private static readonly FeatureBatch Train = ClickRows.Of(200, seed: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Label_values_that_are_unknown_are_named_in_training_and_in_evaluation()
    {
        var broken = Train.With(new Column<string>("clicked", [.. Enumerable.Range(0, Train.RowCount).Select(row => row == 3 ? "perhaps" : row % 2 == 0 ? "yes" : "no")]));
        const string Message = "Row 3 has the label 'perhaps' in column 'clicked'; labels that are texts say true or false";
        Assert.Contains(Message, Assert.Throws<ArgumentException>(() => Model("user").Fit(broken, cancellationToken: Token)).Message, StringComparison.Ordinal);
        Assert.Contains(Message, Assert.Throws<ArgumentException>(() => Fitted("user").Evaluate(broken, cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_columns_are_named_with_those_that_are_there()
    {
        var model = Fitted("user", "age");
        Assert.Contains("needs a column 'age'", Assert.Throws<ArgumentException>(() => model.Predict(Train.DropColumns("age"))).Message, StringComparison.Ordinal);
        Assert.Contains("There is no column 'clicked'", Assert.Throws<ArgumentException>(() => model.Evaluate(Train.DropColumns("clicked"), cancellationToken: Token)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no column 'clicked'", Assert.Throws<ArgumentException>(() => Model("user").Fit(Train.DropColumns("clicked"), cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_category_never_seen_in_training_has_the_score_of_any_other_unknown_one_and_is_warned_of()
    {
        var model = Fitted("user", "item");
        var strangers = Train.Slice(0, 2).With(new Column<string>("user", ["nobody", "somebody else"])).With(new Column<long>("item", [5, 5]));
        var scores = model.Predict(strangers);
        Assert.InRange(scores[0], 0, 1);
        Assert.Equal(scores[0], scores[1]);
        Assert.NotEqual(scores[0], model.Predict(strangers.With(new Column<string>("user", ["u1", "u1"])))[0]);
        Assert.Contains(model.Evaluate(strangers, cancellationToken: Token).Warnings, warning => warning.Contains("user", StringComparison.Ordinal));
    }

    [Fact]
    public void NaN_counts_as_the_mean_number_where_training_never_met_one()
    {
        float[] ages = [.. Enumerable.Range(0, Train.RowCount).Select(row => 20f + (row % 41))];
        var whole = Train.With(new Column<float>("age", ages));
        var model = Model(whole, "age", "user");
        model.Fit(whole, cancellationToken: Token);
        float Score(float age) => model.Predict(whole.Slice(0, 1).With(new Column<float>("age", [age])))[0];
        Assert.Equal(Score(ages.Average()), Score(float.NaN), 1e-5f);
        Assert.NotEqual(Score(20), Score(float.NaN));
    }

    [Fact]
    public void NaN_has_a_score_of_its_own_where_training_met_some()
    {
        // Clicked exactly where the age is missing: only the mark can tell.
        var missing = Train.With(new Column<float>("clicked", Array.ConvertAll(Train.Get<float>("age").Values.ToArray(), age => float.IsNaN(age) ? 1f : 0f)));
        var model = Model(missing, "age");
        model.Fit(missing, new FitOptions { Epochs = 60, BatchSize = 64, Optimizer = new Adam(0.01) }, Token);
        Assert.Equal(1, model.Evaluate(missing, cancellationToken: Token).Binary.Auc, 1e-6);
    }

    [Fact]
    public void A_constant_column_makes_no_NaN_and_another_value_later_changes_nothing()
    {
        var constant = Train.With(new Column<float>("same", [.. Enumerable.Repeat(7f, Train.RowCount)]));
        var model = Model(constant, "same", "user");
        model.Fit(constant, cancellationToken: Token);
        var scores = model.Predict(constant);
        Assert.All(scores, score => Assert.InRange(score, 0, 1));

        Assert.Equal(scores, model.Predict(constant.With(new Column<float>("same", [.. Enumerable.Repeat(-8e20f, Train.RowCount)]))));
    }

    [Fact]
    public void A_batch_of_one_row_has_the_score_that_the_row_has_among_others()
    {
        var model = Fitted("user", "item", "age", "visits", "title", "tags");
        var all = model.Predict(Train);
        Assert.Equal(all[17], Assert.Single(model.Predict(Train.Slice(17, 1))), 1e-6f);
        var evaluation = model.Evaluate(Train.Slice(17, 1), cancellationToken: Token);
        Assert.True(double.IsFinite(evaluation.Loss));
        Assert.True(double.IsNaN(evaluation.Binary.Auc), "one class has no AUC");
    }

    [Fact]
    public void Training_takes_batches_of_one_row_and_a_table_of_one_row()
    {
        foreach (var (rows, batch) in new[] { (Train.Slice(0, 9), 1), (Train.Slice(0, 9), 4), (Train.Slice(0, 1), 256) })
        {
            var model = Model(rows, "item", "visits");
            Assert.Equal(2, model.Fit(rows, new FitOptions { Epochs = 2, BatchSize = batch, Optimizer = new Adam(0.01) }, Token).Epochs.Count);
            Assert.All(model.Predict(rows), score => Assert.InRange(score, 0, 1));
        }
    }

    [Fact]
    public void More_classes_than_rows_are_learned_as_categories_and_refused_as_labels()
    {
        // Two rows, five tags, three labels asked for.
        var tags = new Column<string>("tags", ["a", "b", "c", "d", "e"], [0, 3, 5]);
        var few = new FeatureBatch(tags, new Column<float>("clicked", [1, 0]));
        var model = Model(few, "tags");
        model.Fit(few, new FitOptions { Epochs = 40, Optimizer = new Adam(0.05) }, Token);
        var scores = model.Predict(few);
        Assert.True(scores[0] > 0.9 && scores[1] < 0.1, $"{scores[0]}, {scores[1]}");
        var classes = few.With(new Column<long>("clicked", [2, 0]));
        Assert.Contains(
            "Row 0 has the label 2 in column 'clicked'", Assert.Throws<ArgumentException>(() => Model(few, "tags").Fit(classes, cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    private static RankingModel Fitted(params string[] columns)
    {
        var model = Model(columns);
        model.Fit(Train, cancellationToken: Token);
        return model;
    }

    private static RankingModel Model(params string[] columns) => Model(Train, columns);

    private static RankingModel Model(FeatureBatch data, params string[] columns)
    {
        var options = new FieldOptions { EmbeddingDimension = 4, Texts = columns.Contains("title") ? ["title"] : [], Numbers = columns.Contains("visits") ? ["visits"] : [] };
        return new RankingModel(new DeepCrossNetwork(Fields.Of(data, columns, options), hidden: [16]), "clicked");
    }
}
