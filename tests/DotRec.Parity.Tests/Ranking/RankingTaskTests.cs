using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' test of its ranking task: predictions 1 and .3, labels 1 and 1.</summary>
public class RankingTaskTests
{
    [Fact]
    public void Loss_and_metrics()
    {
        var predictions = Tensor.From([1, 0.3f], 2, 1);

        var loss = new Ranking().ComputeLoss(predictions, new float[] { 1, 1 }).Value.Scalar;
        var metrics = BinaryMetrics.Of(predictions.Values, [1, 1]);

        Assert.Equal(0.6019864, loss, 1e-6);
        Assert.Equal(loss, new Ranking().ComputeLoss(predictions, new float[] { 1, 1 }, new float[] { 1, 1 }).Value.Scalar);
        Assert.Equal(loss, metrics.LogLoss, 1e-6);
        Assert.Equal(0.5, metrics.Accuracy);
        Assert.Equal(1, metrics.LabelMean);
        Assert.Equal(0.65, metrics.PredictionMean, 1e-7);
    }
}
