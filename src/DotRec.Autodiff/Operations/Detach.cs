namespace DotRec.Autodiff;

/// <content>Cutting the record.</content>
public sealed partial class Tensor
{
    /// <summary>The same values, through which no gradient flows back. Shares memory; costs nothing.</summary>
    public Tensor Detach() => new Detach(this).Run();
}

/// <summary>A view of the input that requires no gradient.</summary>
internal sealed class Detach : Operation
{
    private readonly Tensor _input;

    public Detach(Tensor input)
    {
        _input = input;
        OutputLayout = input.Layout;
    }

    public override int InputCount => 1;

    protected override bool StopsGradient => true;

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace) => trace.Of(_input);

    protected override Tensor Evaluate() => new(_input.Buffer, OutputLayout);

    protected override void Compute(Tensor output)
    {
        // The view already holds the values.
    }

    protected override void Propagate()
    {
        // Nothing flows back.
    }
}
