using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Conformance.Tests;

/// <summary>
/// What the statements of an example may take for granted: the names that readers of the documentation understand without a declaration. Examples
/// are compiled against this type, not run.
/// </summary>
public abstract class ExampleData
{
    /// <summary>A table, and the columns to read.</summary>
    protected static FeatureBatch data { get; } = null!;

    /// <summary>The services of a host.</summary>
    protected static Microsoft.Extensions.DependencyInjection.IServiceCollection services { get; } = null!;

    /// <summary>A served model, and a host of its versions.</summary>
    protected static Recommender recommender { get; } = null!;

    /// <inheritdoc cref="recommender"/>
    protected static ModelHost host { get; } = null!;

    /// <summary>An index, the vectors of its items and their ids, and vectors to ask it.</summary>
    protected static ScannIndex index { get; } = null!;

    /// <inheritdoc cref="index"/>
    protected static float[] embeddings { get; } = null!;

    /// <inheritdoc cref="index"/>
    protected static string[] ids { get; } = null!;

    /// <inheritdoc cref="index"/>
    protected static float[] queries { get; } = null!;

    /// <inheritdoc cref="index"/>
    protected static float[] query { get; } = null!;

    /// <summary>Rows to train on.</summary>
    protected static FeatureBatch train { get; } = null!;

    /// <summary>Rows to choose on.</summary>
    protected static FeatureBatch valid { get; } = null!;

    /// <summary>Rows to measure on.</summary>
    protected static FeatureBatch test { get; } = null!;

    /// <summary>Names of columns.</summary>
    protected static string[] columns { get; } = null!;

    /// <summary>The layers before those shown.</summary>
    protected static Layer features { get; } = null!;

    /// <summary>A ranking model.</summary>
    protected static RankingModel model { get; } = null!;

    /// <summary>The rows of a training step.</summary>
    protected static Batch batch { get; } = null!;

    /// <summary>Embeddings of the rows' queries.</summary>
    protected static Tensor users { get; } = null!;

    /// <summary>Embeddings of the rows' items.</summary>
    protected static Tensor movies { get; } = null!;

    /// <summary>Predicted ratings of the rows.</summary>
    protected static Tensor ratings { get; } = null!;

    /// <summary>One label a row.</summary>
    protected static float[] labels { get; } = null!;
}
