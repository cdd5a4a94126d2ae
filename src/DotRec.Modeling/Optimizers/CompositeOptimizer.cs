using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Several rules, each for its own parameters, as TFRS' CompositeOptimizer: for example Adagrad for embedding tables and Adam for the rest.
/// Every parameter of the model must be claimed by exactly one; a fit that begins otherwise fails and says which is not.
/// </summary>
/// <remarks>
/// All rules count the same steps. Each has its own rate, schedule, decay and clipping, the last over the parameters it moves. The result is
/// that of the same rules run apart. A checkpoint remembers which rule moved which parameter and is resumed only by the same division.
/// </remarks>
/// <example>
/// <code>
/// new CompositeOptimizer(
///     (new Adagrad(0.1), parameter => parameter.IsRowSparse),
///     (new Adam(0.001), parameter => !parameter.IsRowSparse))
/// </code>
/// </example>
public sealed class CompositeOptimizer : Optimizer
{
    private readonly (UpdateRule Rule, Func<Parameter, bool> Claims)[] _parts;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parts">Each rule, and which parameters it moves, by <see cref="Parameter.IsRowSparse"/> or <see cref="Parameter.Name"/>.</param>
    /// <exception cref="ArgumentException">There is no rule, or the same object stands twice.</exception>
    public CompositeOptimizer(params IReadOnlyList<(UpdateRule Rule, Func<Parameter, bool> Claims)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = [.. parts];
        if (_parts.Length == 0)
        {
            throw new ArgumentException("Give at least one rule with the parameters it moves.", nameof(parts));
        }

        if (_parts.DistinctBy(part => part.Rule).Count() < _parts.Length)
        {
            throw new ArgumentException("The same optimizer object stands in two parts. Join the two, or give each part an object of its own.", nameof(parts));
        }
    }

    internal override IReadOnlyList<UpdateRule> Rules => [.. _parts.Select(part => part.Rule)];

    internal override UpdateRule[] Assign(IReadOnlyList<Parameter> parameters) => [.. parameters.Select(RuleOf)];

    private UpdateRule RuleOf(Parameter parameter)
    {
        var claiming = _parts.Where(part => part.Claims(parameter)).Select(part => part.Rule).ToArray();
        return claiming.Length switch
        {
            1 => claiming[0],
            0 => throw new InvalidOperationException(
                $"No part of the CompositeOptimizer claims {parameter}, so it would never move. Let one of {Names(Rules)} claim it."),
            _ => throw new InvalidOperationException(
                $"{Names(claiming)} of the CompositeOptimizer all claim {parameter}. Let exactly one of them claim it."),
        };
    }

    private static string Names(IEnumerable<UpdateRule> rules) => string.Join(", ", rules.Select(rule => rule.GetType().Name));
}
