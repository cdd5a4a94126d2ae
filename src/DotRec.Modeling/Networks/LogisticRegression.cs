using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The linear part of a ranking model alone: one weight a category, one weight a number, one for all rows. With the cross-entropy of logits
/// it is logistic regression, with the squared error linear regression: the baseline every other network must beat.
/// </summary>
/// <remarks>
/// <para>
/// A list of categories counts as the mean of its weights. Of each field only the preprocessing is used: what it embeds with belongs to other
/// networks. All weights begin at 0, so a category never met in training adds nothing.
/// </para>
/// <para>
/// As a baseline it must be trained to its end, by early stopping. Adam at 0.01 gets there in ten to twenty epochs of 256 rows a step;
/// <see cref="FitOptions"/>' default, Adagrad at 0.1, is far from it after thirty on sparse data (TalkingData: AUC .934 instead of .976).
/// </para>
/// <para>
/// The penalty is per row: every row pulls the weights it uses by λ, so a category met in n of N rows rests where its evidence balances
/// λ · n / N, and rare categories are not held tighter than frequent ones. Where early stopping ended training, λ of 1e-4 and 1e-3 made
/// Adult's log loss no better and TalkingData's worse, so it is 0 by default.
/// </para>
/// </remarks>
/// <example><code>var baseline = new RankingModel(new LogisticRegression(Fields.Of(train, ["user_id", "movie_id", "age"])), "clicked");</code></example>
public sealed class LogisticRegression : RankingNetwork
{
    private readonly Bias _bias = new(Initializer.Zeros);
    private readonly Dense? _numbers;

    /// <summary>Makes the network.</summary>
    /// <param name="fields">The inputs.</param>
    /// <param name="l2">Strength λ of the penalty on the weights of categories, see <see cref="Embedding.L2"/>, and of numbers, see <see cref="Dense.KernelL2"/>.</param>
    public LogisticRegression(IReadOnlyList<Field> fields, double l2 = 0)
        : base(LinearOf(fields, l2))
    {
        Use(_bias);
        _numbers = Fields.Any(field => field.IsNumeric)
            ? Use(new Dense(1, useBias: false, kernelInitializer: Initializer.Zeros) { KernelL2 = l2 })
            : null;
    }

    /// <inheritdoc/>
    protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(features);
        var numbers = features.Where((_, i) => Fields[i].IsNumeric).ToArray();
        var weights = features.Where((_, i) => !Fields[i].IsNumeric).ToArray();
        var terms = new List<Tensor>();
        if (weights.Length > 0)
        {
            terms.Add(Tensor.Concatenate(weights, -1).Sum(-1, keepDimension: true));
        }

        if (numbers.Length > 0)
        {
            terms.Add(_numbers!.Call(Tensor.Concatenate(numbers, -1), context));
        }

        return _bias.Call(terms.Aggregate((sum, term) => sum + term), context);
    }

    private static IReadOnlyList<Field> LinearOf(IReadOnlyList<Field> fields, double l2)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return [.. fields.Select(field => field.IsNumeric
            ? new Field(field.Name, field.Preprocessing)
            : new Field(field.Name, field.Preprocessing, () => new Embedding(1, Initializer.Zeros) { L2 = l2 }))];
    }
}
