namespace DotRec.Autodiff;

/// <summary>A tensor's stand-in in an ONNX graph.</summary>
/// <param name="Name">Name of the graph value.</param>
/// <param name="BatchAxis">The axis whose size is known only at run time; −1 if the value is the same for every batch.</param>
internal readonly record struct TracedValue(string Name, int BatchAxis)
{
    public bool HasBatch => BatchAxis >= 0;
}
