using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Category numbers on their way to an <see cref="EmbeddingLayer"/>.</summary>
public sealed class Categories
{
    private readonly int[]? _repeats;

    internal Categories(Indices numbers, int cardinality, int[]? repeats = null)
    {
        Numbers = numbers;
        Cardinality = cardinality;
        _repeats = repeats;
    }

    /// <summary>The numbers, from 0 to <see cref="Cardinality"/> − 1: one a row, or a list a row; what tables are gathered by.</summary>
    public Indices Numbers { get; }

    /// <summary>How many different numbers there can be.</summary>
    public int Cardinality { get; }

    /// <summary>True when a row holds a list.</summary>
    public bool IsJagged => Numbers.IsJagged;

    /// <summary>How many examples each row stands for; empty when each stands for one.</summary>
    internal ReadOnlySpan<int> Repeats => _repeats;

    /// <summary>Other numbers of the same rows, of as many categories.</summary>
    internal Categories With(Indices numbers) => new(numbers, Cardinality, _repeats);

    /// <summary>The remainder of every number, 0 to <paramref name="divisor"/> − 1, in the served graph too.</summary>
    /// <param name="divisor">Positive.</param>
    /// <param name="context">That of the pass.</param>
    public Categories Modulo(int divisor, ForwardContext context) => Derive("Mod", divisor, Math.Min(divisor, Cardinality), number => number % divisor, context);

    /// <summary>The quotient of every number, rounded down, in the served graph too.</summary>
    /// <inheritdoc cref="Modulo"/>
    public Categories Divide(int divisor, ForwardContext context) =>
        Derive("Div", divisor, Cardinality == 0 ? 0 : ((Cardinality - 1) / Math.Max(divisor, 1)) + 1, number => number / divisor, context);

    private Categories Derive(string onnxOperator, int operand, int cardinality, Func<int, int> numberOf, ForwardContext context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(operand);
        ArgumentNullException.ThrowIfNull(context);
        int[] values = [.. Numbers.Values.Span];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = numberOf(values[i]);
        }

        var derived = IsJagged ? new Indices(values, Numbers.Offsets) : new Indices(values);
        context.Export?.Derive(derived, Numbers, onnxOperator, operand);
        return new Categories(derived, cardinality, _repeats);
    }
}
