using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Where a fit stands, apart from weights and optimizer state.</summary>
internal sealed class TrainingState
{
    /// <summary>Epochs completed.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps done in the epoch under way.</summary>
    public int StepInEpoch { get; set; }

    /// <summary>The losses of the epoch's examples so far.</summary>
    public LossAverage Losses { get; } = new();

    public bool StoppedEarly { get; set; }

    public double BestValue { get; set; }

    /// <summary>Epoch of the best evaluation, from 1; 0 before the first.</summary>
    public int BestEpoch { get; set; }

    public int EvaluationsWithoutImprovement { get; set; }

    public float[][]? BestWeights { get; set; }

    public List<EpochResult> Results { get; } = [];

    public void CompleteEpoch()
    {
        Epoch++;
        StepInEpoch = 0;
        Losses.Clear();
    }

    /// <summary>Takes an evaluation into account. NaN is no improvement.</summary>
    public void Judge(EarlyStopping stopping, double value, IReadOnlyList<Parameter> parameters)
    {
        if (BestEpoch == 0 || stopping.IsBetter(value, BestValue))
        {
            (BestValue, BestEpoch, EvaluationsWithoutImprovement) = (value, Epoch, 0);
            BestWeights = stopping.RestoreBest ? [.. parameters.Select(parameter => parameter.Value.Values.ToArray())] : null;
            return;
        }

        StoppedEarly = ++EvaluationsWithoutImprovement > stopping.Patience;
    }

    public static void Restore(IReadOnlyList<Parameter> parameters, float[][] weights)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i].CopyTo(parameters[i].Value.WritableValues());
        }
    }
}
