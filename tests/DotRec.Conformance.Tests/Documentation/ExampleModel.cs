using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Conformance.Tests;

/// <summary>What the members of an example may take for granted: a model with two towers, a head and tasks. Compiled against, not run.</summary>
public abstract class ExampleModel : RecommenderModel
{
    /// <summary>The query tower.</summary>
    protected Tower _users { get; } = null!;

    /// <summary>The item tower.</summary>
    protected Tower _movies { get; } = null!;

    /// <summary>The catalogue to rank.</summary>
    protected FactorizedTopK _topK { get; } = null!;

    /// <summary>Predicted ratings of a batch.</summary>
    protected Tensor Rating(Batch batch) => _users.Forward(batch);

    /// <inheritdoc/>
    protected override Loss ComputeLoss(Batch batch) => throw new NotSupportedException("Examples are compiled, not run.");
}
