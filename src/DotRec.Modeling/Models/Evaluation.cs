namespace DotRec.Modeling;

/// <summary>What a model does on data it was not trained on.</summary>
public class Evaluation
{
    /// <summary>Makes a result.</summary>
    /// <param name="loss">Mean loss per example.</param>
    /// <param name="exampleCount">Number of examples.</param>
    public Evaluation(double loss, long exampleCount)
    {
        Loss = loss;
        ExampleCount = exampleCount;
    }

    /// <summary>
    /// Mean loss per example. In retrieval the negatives are the other examples of the batch, so losses compare only at equal batch size.
    /// </summary>
    public double Loss { get; }

    /// <summary>Number of examples.</summary>
    public long ExampleCount { get; }

    /// <summary>All figures by name, "loss" among them; what <see cref="EarlyStopping"/> chooses from.</summary>
    public virtual IReadOnlyDictionary<string, double> Metrics => new SortedDictionary<string, double>(StringComparer.Ordinal) { ["loss"] = Loss };
}
