using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <summary>
/// Reverse-mode differentiation: the recorded operations reachable from the seeds, latest first. Nothing recurses, so depth is bounded by
/// memory alone; each intermediate gradient is given back as soon as it is used up.
/// </summary>
internal static class BackwardPass
{
    private static long _lastPass;

    [ThreadStatic]
    private static List<Operation>? _operations;

    public static void Run(Tensor scalar)
    {
        CheckSeed(scalar);
        scalar.GradientTarget(out _).Fill(1);
        Walk([scalar]);
    }

    public static void Run(ReadOnlySpan<(Tensor Output, ReadOnlyMemory<float> Gradient)> seeds)
    {
        var outputs = new Tensor[seeds.Length];
        for (var i = 0; i < seeds.Length; i++)
        {
            var (output, gradient) = seeds[i];
            CheckSeed(output);
            if (gradient.Length != output.Length)
            {
                throw new ShapeException($"Backward: seed {i} has {gradient.Length} values, but its output has shape {output.Layout}, {output.Length} values.");
            }

            outputs[i] = output;
        }

        foreach (var (output, gradient) in seeds)
        {
            var target = output.GradientTarget(out var accumulate);
            if (accumulate)
            {
                TensorPrimitives.Add(target, gradient.Span, target);
            }
            else
            {
                gradient.Span.CopyTo(target);
            }
        }

        Walk(outputs);
    }

    private static void CheckSeed(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.RequiresGradient)
        {
            throw new InvalidOperationException(
                $"Backward: {output} does not require a gradient. It depends on no parameter, or was computed inside Gradients.Off().");
        }
    }

    private static void Walk(ReadOnlySpan<Tensor> outputs)
    {
        var operations = _operations ?? [];
        _operations = null;
        try
        {
            Collect(outputs, operations);
            foreach (var operation in operations)
            {
                operation.Differentiate();
                operation.Output.DropGradient();
            }
        }
        finally
        {
            operations.ForEach(operation => operation.Output.DropGradient());
            foreach (var output in outputs)
            {
                output.DropGradient();
            }

            operations.Clear();
            _operations = operations;
        }
    }

    /// <summary>Every operation that leads from a tensor requiring a gradient to an output, in falling order of recording.</summary>
    private static void Collect(ReadOnlySpan<Tensor> outputs, List<Operation> operations)
    {
        var pass = Interlocked.Increment(ref _lastPass);
        foreach (var output in outputs)
        {
            Add(output);
        }

        // The list is both result and queue.
        for (var next = 0; next < operations.Count; next++)
        {
            var operation = operations[next];
            for (var i = 0; i < operation.InputCount; i++)
            {
                Add(operation.Input(i));
            }
        }

        operations.Sort(static (x, y) => y.Sequence.CompareTo(x.Sequence));

        void Add(Tensor tensor)
        {
            if (tensor.RequiresGradient && tensor.Producer is { } producer && producer.CollectedBy != pass)
            {
                producer.CollectedBy = pass;
                operations.Add(producer);
            }
        }
    }
}
