namespace DotRec.Autodiff;

/// <summary>An operation that folds one axis, or all, into one value. The input is seen as [outer, n, inner].</summary>
internal abstract class Reduction : Operation
{
    protected Reduction(Tensor input, int? axis, bool keepDimension)
    {
        Of = input;
        KeepsDimension = keepDimension;
        if (axis is not { } chosen)
        {
            (Outer, Count, Inner) = (1, input.Length, 1);
            OutputLayout = new TensorShape([]);
            return;
        }

        Axis = input.Layout.Axis(Name, chosen);
        (Outer, Count, Inner) = (input.Layout.Before(Axis.Value), input.Layout[Axis.Value], input.Layout.After(Axis.Value));
        OutputLayout = input.Layout.Reduce(Axis.Value, keepDimension);
    }

    public override int InputCount => 1;

    protected Tensor Of { get; }

    /// <summary>The folded axis, or null for all.</summary>
    protected int? Axis { get; }

    protected bool KeepsDimension { get; }

    protected int Outer { get; }

    /// <summary>Size of the folded axis.</summary>
    protected int Count { get; }

    protected int Inner { get; }

    public override Tensor Input(int index) => Of;
}
