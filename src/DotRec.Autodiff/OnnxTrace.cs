namespace DotRec.Autodiff;

/// <summary>Records the operations of one forward call, to write them as an ONNX graph.</summary>
internal static class OnnxTrace
{
    public static bool IsRecording => false;
}
