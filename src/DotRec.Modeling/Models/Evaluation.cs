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

    /// <summary>By name, the mean loss of each task that was given one by <see cref="Modeling.Loss.Named"/>.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; internal init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>
    /// All figures by name: "loss", "rating.loss" for a loss named "rating", then what the model measures (<see cref="RecommenderModel.Measure"/>). What
    /// <see cref="EarlyStopping"/> chooses from.
    /// </summary>
    public IReadOnlyDictionary<string, double> Metrics
    {
        get
        {
            var report = new MetricReport();
            report.Add("loss", Loss);
            foreach (var (name, loss) in Losses)
            {
                report.Add(name + ".loss", loss);
            }

            Report(report);
            return report.Values;
        }
    }

    /// <summary>What the model measured itself, by name.</summary>
    internal IReadOnlyDictionary<string, double> Measured { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Adds the figures beyond losses.</summary>
    private protected virtual void Report(MetricReport report)
    {
        foreach (var (name, value) in Measured)
        {
            report.Add(name, value);
        }
    }
}
