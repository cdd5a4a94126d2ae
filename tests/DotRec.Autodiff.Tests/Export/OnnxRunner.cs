using DotRec.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Autodiff.Tests.Export;

/// <summary>Runs a model in ONNX Runtime and returns its first output.</summary>
internal static class OnnxRunner
{
    public static float[] Run(OnnxModel model, params OnnxFeed[] feeds)
    {
        using var session = new InferenceSession(model.Bytes.ToArray());
        using var options = new RunOptions();
        var values = feeds.Where(feed => session.InputMetadata.ContainsKey(feed.Name)).ToDictionary(feed => feed.Name, feed => feed.Make());
        try
        {
            using var results = session.Run(options, values, [model.Outputs[0].Name]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var value in values.Values)
            {
                value.Dispose();
            }
        }
    }
}
