using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Makes ranking models of settings and training rows.</summary>
internal static class RankingModelFactory
{
    // With Adam's moments three times as many numbers are held in training: 600 MB.
    private const long MostLatentWeights = 50_000_000;
    private const int MostFields = 60;

    public static RankingModel Create(RankingData data, FeatureBatch train, RankingSettings settings, string? queryId, string? weight)
    {
        var fields = RankingFields.Of(train, data.Columns, data.Label.Column, settings);
        RankingNetwork network = settings.Network switch
        {
            RankingNetworkKind.Logistic => new LogisticRegression(fields, settings.LinearL2),
            RankingNetworkKind.Mlp => new MlpNetwork(fields, settings.Hidden, settings.Dropout, settings.KernelL2),
            RankingNetworkKind.Dlrm => new Dlrm(fields, top: settings.Hidden, dropout: settings.Dropout, l2: settings.KernelL2),
            RankingNetworkKind.WideAndDeep => new WideAndDeep(fields, hidden: settings.Hidden, dropout: settings.Dropout, wideL2: settings.LinearL2, deepL2: settings.KernelL2),
            RankingNetworkKind.FieldAware => FieldAware(fields, settings),
            _ => new DeepCrossNetwork(
                fields,
                [.. Enumerable.Range(0, settings.CrossLayers).Select(_ => new Cross { KernelL2 = settings.KernelL2 })],
                settings.Hidden,
                settings.Network == RankingNetworkKind.ParallelDeepCross ? NetworkStructure.Parallel : NetworkStructure.Stacked,
                settings.Dropout,
                settings.KernelL2),
        };
        return data.Label.IsBinary
            ? new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits)) { QueryIdColumn = queryId, SampleWeightColumn = weight }
            : new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.SquaredError))
            {
                QueryIdColumn = queryId,
                SampleWeightColumn = weight,
                LabelScale = LabelScale.Of(train[data.Label.Column]),
            };
    }

    private static FieldAwareNetwork FieldAware(IReadOnlyList<Field> fields, RankingSettings settings)
    {
        var weights = fields.Sum(field => (long)(field.Preprocessing.Output.Cardinality ?? field.Preprocessing.Output.Width) * fields.Count * settings.LatentDimension);
        return fields.Count <= MostFields && weights <= MostLatentWeights
            ? new FieldAwareNetwork(fields, settings.LatentDimension, settings.Hidden, settings.Dropout, settings.EmbeddingL2, settings.LinearL2, settings.KernelL2)
            : throw new ArgumentException(FormattableString.Invariant(
                $"A field-aware network of {fields.Count} fields has {weights:N0} latent weights, which is too large: {MostFields} fields and {MostLatentWeights:N0} weights are the most. Leave columns out, lower {nameof(RankingSettings.LatentDimension)}, or choose another network."));
    }
}
