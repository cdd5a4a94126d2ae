using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Asks a ranker for the scores of a table, block by block.</summary>
internal static class RankerScores
{
    private const int BlockRows = 8192;

    public static float[] Compute(Ranker ranker, FeatureBatch data, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var scores = new float[data.RowCount];
        for (var start = 0; start < scores.Length; start += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = data.Slice(start, Math.Min(BlockRows, scores.Length - start));
            ranker.PredictBatch(block).CopyTo(scores, start);
            notes.Report("predicting", start + block.RowCount, scores.Length);
        }

        return scores;
    }
}
