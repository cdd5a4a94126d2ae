namespace DotRec.Modeling;

/// <summary>Training met a loss that is NaN or infinite and stopped before it could reach the weights.</summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    internal NonFiniteLossException(string message, int epoch, int step)
        : base(message)
    {
        Epoch = epoch;
        Step = step;
    }

    /// <summary>Epoch of the batch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Position of the batch in its epoch, from 1.</summary>
    public int Step { get; }
}
