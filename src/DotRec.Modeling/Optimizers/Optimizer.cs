using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// How gradients become weight changes: a configuration without state, so one optimizer may serve many fits. A parameter whose gradient is
/// row-sparse (an embedding table) is updated, decayed and has its state moved only in the rows of the batch: the cost of a step does not
/// depend on the size of the table.
/// </summary>
public abstract class Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>The rules at work.</summary>
    internal abstract IReadOnlyList<UpdateRule> Rules { get; }

    /// <summary>The rule of each parameter.</summary>
    /// <exception cref="InvalidOperationException">A parameter has none, or more than one.</exception>
    internal abstract UpdateRule[] Assign(IReadOnlyList<Parameter> parameters);
}
