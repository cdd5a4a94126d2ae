using System.Diagnostics;

namespace DotRec.Autodiff;

/// <summary>
/// One computed step: its value, its gradient and its ONNX form. An operation is made, run once, and, if a gradient may be asked for,
/// kept by its output as the record of how it was computed.
/// </summary>
internal abstract class Operation
{
    private static long _lastSequence;

    private int _savedVersions;
    private bool _differentiated;

    /// <summary>Name for messages, as the caller wrote it.</summary>
    public string Name => GetType().Name;

    public abstract int InputCount { get; }

    /// <summary>Place in the order of recording: inputs come before outputs.</summary>
    public long Sequence { get; private set; }

    /// <summary>Number of the backward pass that last collected this operation.</summary>
    public long CollectedBy { get; set; }

    /// <summary>The result; set once recorded.</summary>
    public Tensor Output { get; private set; } = null!;

    /// <summary>Shape of the result, checked when the operation is made.</summary>
    protected TensorShape OutputLayout { get; init; }

    public abstract Tensor Input(int index);

    /// <summary>Computes the value and records the operation if gradients are wanted.</summary>
    public Tensor Run()
    {
        var output = Evaluate();
        var requiresGradient = false;
        for (var i = 0; i < InputCount && Gradients.AreOn && !StopsGradient; i++)
        {
            requiresGradient |= Input(i).RequiresGradient;
        }

        if (requiresGradient)
        {
            output.RequiresGradient = true;
            Record(output);
        }
        else if (OnnxTrace.IsRecording)
        {
            Record(output);
        }

        return output;
    }

    /// <summary>Adds this operation's share to the gradients of its inputs.</summary>
    public void Differentiate()
    {
        if (_differentiated)
        {
            throw new InvalidOperationException(
                $"Backward already went through {Name} {Output.Layout}. Compute the loss again, or pass all its seeds to one Backward call.");
        }

        if (_savedVersions != Versions())
        {
            throw new InvalidOperationException(
                $"{Name} {Output.Layout}: a tensor it relies on was written to after the operation ran ({Describe()}). Call Backward before changing values.");
        }

        _differentiated = true;
        Propagate();
    }

    /// <summary>True when only <see cref="Gather"/>-like operations may use a row-sparse parameter, and this is one.</summary>
    public virtual bool TakesRowSparse => false;

    /// <summary>True when nothing flows back through the operation.</summary>
    protected virtual bool StopsGradient => false;

    /// <summary>Writes the operation's ONNX form.</summary>
    public abstract TracedValue Emit(OnnxTrace trace);

    /// <summary>Adds <see cref="OutputGradient"/>'s share to the gradient of each input that requires one.</summary>
    protected abstract void Propagate();

    /// <summary>Computes the output's values.</summary>
    protected abstract void Compute(Tensor output);

    /// <summary>Makes the output; views share their input's memory instead.</summary>
    protected virtual Tensor Evaluate()
    {
        var output = Tensor.New(OutputLayout);
        Compute(output);
        return output;
    }

    private void Record(Tensor output)
    {
        for (var i = 0; i < InputCount; i++)
        {
            if (!TakesRowSparse && Input(i).Parameter is { IsRowSparse: true } table)
            {
                throw new InvalidOperationException(
                    $"{Name}: the parameter '{table.Name}' has row-sparse gradients and may only be gathered from. Make it with isRowSparse: false to use it otherwise.");
            }
        }

        Output = output;
        output.Producer = this;
        Sequence = Interlocked.Increment(ref _lastSequence);
        _savedVersions = Versions();
    }

    private int Versions()
    {
        var sum = Output.Buffer.Version;
        for (var i = 0; i < InputCount; i++)
        {
            sum += Input(i).Buffer.Version;
        }

        return sum;
    }

    private string Describe() => string.Join(", ", Enumerable.Range(0, InputCount).Select(i => $"input {Input(i)}"));

    /// <summary>The gradient of the output. Only valid while <see cref="Propagate"/> runs.</summary>
    protected ReadOnlySpan<float> OutputGradient
    {
        get
        {
            Debug.Assert(Output.HasGradient, "the backward pass visits only operations whose output has a gradient");
            return Output.GradientSpan();
        }
    }
}
