namespace DotRec.Autodiff;

/// <summary>Shapes that an operation cannot work on. The message names the operation and the shapes.</summary>
public sealed class ShapeException : ArgumentException
{
    internal ShapeException(string message)
        : base(message)
    {
    }
}
