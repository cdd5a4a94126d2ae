namespace DotRec.Autodiff;

/// <summary>Follows the symbolic batch axis through operations whose inputs align at the last axis.</summary>
internal static class BatchAxes
{
    /// <summary>The batch axis of a broadcast result.</summary>
    /// <exception cref="NotSupportedException">The batch meets another axis, or a constant with the sample's batch size built in.</exception>
    public static int OfBroadcast(string operation, int outputRank, params ReadOnlySpan<(TensorShape Layout, TracedValue Value)> inputs)
    {
        var batchAxis = -1;
        foreach (var (layout, value) in inputs)
        {
            if (value.HasBatch)
            {
                var aligned = outputRank - layout.Rank + value.BatchAxis;
                batchAxis = batchAxis < 0 || batchAxis == aligned ? aligned : throw new NotSupportedException(
                    $"{operation}: the batch axes of its inputs do not line up (axes {batchAxis} and {aligned} of the result), so it works for one batch size only and has no ONNX form.");
            }
        }

        foreach (var (layout, value) in inputs)
        {
            var own = batchAxis - (outputRank - layout.Rank);
            if (batchAxis >= 0 && !value.HasBatch && own >= 0 && layout[own] != 1)
            {
                throw BuiltIn(operation, layout, own);
            }
        }

        return batchAxis;
    }

    public static NotSupportedException BuiltIn(string operation, in TensorShape layout, int axis) => new(
        $"{operation}: an input of shape {layout} has the sample's batch size built in on axis {axis}, so it works for one batch size only and has no ONNX form.");
}
