using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// A layer over category numbers, which looks vectors up in tables. One of your own makes its tables in <see cref="Build"/> and gathers from them in
/// <see cref="Forward"/>; gradient and ONNX form come with the operations, and only rows of the batch are touched.
/// </summary>
/// <example>
/// <code>
/// // A vector that a category has for itself, and a smaller one that it shares with those of equal remainder.
/// sealed class TwoSpeedEmbedding : EmbeddingLayer
/// {
///     private Parameter? _own, _shared;
///
///     protected override void Build(int categoryCount)
///     {
///         _own = AddTable("own", Initializer.Uniform(), categoryCount, 8);
///         _shared = AddTable("shared", Initializer.Uniform(), 100, 8);
///     }
///
///     protected override Tensor Forward(Categories categories, ForwardContext context)
///     {
///         var vectors = _own!.Value.Gather(categories.Numbers) + _shared!.Value.Gather(categories.Modulo(100, context).Numbers);
///         context.AddL2(vectors, 0.01, categories);
///         return vectors;
///     }
/// }
/// </code>
/// </example>
public abstract class EmbeddingLayer : Layer
{
    internal sealed override Signal Apply(Signal input, ForwardContext context)
    {
        var categories = input.Categories ?? throw new InvalidOperationException(
            $"Layer {this} takes category numbers but is given {input.Describe()}. {input.Remedy()}");
        BuildOnce(categories.Cardinality, "a vocabulary of size");
        var output = Forward(categories, context);
        context.Export?.Emit(this, output);
        return Signal.Of(output);
    }

    private protected sealed override void BuildFor(int inputSize) => Build(inputSize);

    /// <summary>Makes the layer's tables with <see cref="AddTable"/>. Called once, before the first <see cref="Forward"/>.</summary>
    /// <param name="categoryCount">How many different category numbers there can be.</param>
    protected abstract void Build(int categoryCount);

    /// <summary>The vectors of the categories, shape [B, width], as an expression over gathers.</summary>
    /// <param name="categories">One category number a row, or a list a row.</param>
    /// <param name="context">Whether this is a training step.</param>
    protected abstract Tensor Forward(Categories categories, ForwardContext context);

    /// <summary>
    /// Makes a table of which a batch uses few rows, [rows, width]: it may only be gathered from, and its gradient and its updates touch the rows used.
    /// </summary>
    /// <param name="name">Name inside the layer.</param>
    /// <param name="initializer">First values.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Width of a row.</param>
    protected Parameter AddTable(string name, Initializer initializer, int rows, int width) => Register(name, initializer, isRowSparse: true, rows, width);
}
