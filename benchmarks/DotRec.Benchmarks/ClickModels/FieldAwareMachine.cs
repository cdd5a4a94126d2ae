using DotRec.Data;
using DotRec.Modeling;
using DotRec.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace DotRec.Benchmarks;

/// <summary>ML.NET's field-aware factorization machine (Juan et al., 2016), trained and measured on the rows that DotRec's networks have.</summary>
internal static class FieldAwareMachine
{
    /// <summary>Trains on some rows and measures on others.</summary>
    public static BinaryMetrics Run(RankingData data, FeatureBatch train, FeatureBatch held, FieldAwareSettings settings, ulong seed, string folder)
    {
        var table = new FieldAwareTable(train, data, settings.Bins);
        var (trainFile, heldFile) = (Path.Combine(folder, "ffm-train.txt"), Path.Combine(folder, "ffm-held.txt"));
        table.Write(train, trainFile);
        table.Write(held, heldFile);

        var context = new MLContext((int)seed);
        var loader = context.Data.CreateTextLoader(new TextLoader.Options { Columns = table.LoaderColumns });
        var one = table.CategoryFields.Select(name => new InputOutputColumnPair(name)).ToArray();
        var fields = table.Fields.ToArray();
        var trainer = context.BinaryClassification.Trainers.FieldAwareFactorizationMachine(new FieldAwareFactorizationMachineTrainer.Options
        {
            FeatureColumnName = fields[0],
            ExtraFeatureColumns = fields[1..],
            LabelColumnName = "Label",
            NumberOfIterations = settings.Iterations,
            LearningRate = settings.LearningRate,
            LambdaLinear = settings.Lambda,
            LambdaLatent = settings.Lambda,
            LatentDimension = settings.Latent,
        });
        var encoder = context.Transforms.Conversion.MapKeyToVector(one).AppendCacheCheckpoint(context);
        var model = encoder.Append(trainer).Fit(loader.Load(trainFile));
        var probabilities = model.Transform(loader.Load(heldFile)).GetColumn<float>("Probability").ToArray();
        return BinaryMetrics.Of(probabilities, held.Get<float>(data.Label.Column).Values);
    }
}
