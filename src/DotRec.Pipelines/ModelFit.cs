using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains a model as an experiment of either task does.</summary>
internal static class ModelFit
{
    /// <exception cref="ArgumentException">The checkpoint is of another fit.</exception>
    public static FitResult Run(RecommenderModel model, FeatureBatch train, FitOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return model.Fit(train, options, cancellationToken);
        }
        catch (InvalidOperationException foreign) when (options.Checkpoint is { } checkpoint && File.Exists(checkpoint.Path))
        {
            // The rest of the message is for those who call Fit themselves.
            throw InvalidOption.Named(nameof(options.Checkpoint), $"{foreign.Message.Split(". ")[0]}. Delete it, or name another file.", foreign);
        }
    }
}
