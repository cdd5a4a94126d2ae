using DotRec.Data;
using DotRec.Serving;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DotRec.Pipelines.Tests;

/// <summary>Exported models, run by ONNX Runtime alone, give the answers of the bundle.</summary>
public sealed class OnnxExportTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Towers_embed_as_the_recommender_does()
    {
        var rows = FeatureBatch.From(Enumerable.Range(0, 600).Select(n => new { user = $"u{n % 40}", age = (float)(n % 40 / 2), item = (long)(n * 7 % 30), title = $"Title {n * 7 % 30}" }));
        var options = new RetrievalPipelineOptions
        {
            QueryId = "user",
            ItemId = "item",
            QueryFeatures = ["age"],
            ItemFeatures = ["title"],
            Model = RetrievalModelKind.TwoTower,
            Settings = RetrievalSettings.Tuned with { Epochs = 1, BatchSize = 64 },
        };
        using var result = await new RetrievalPipeline(options).RunAsync(rows, cancellationToken: Token);
        await result.SaveAsync(_folder["bundle"], Token);
        var models = await OnnxExport.RunAsync(_folder["bundle"], _folder["onnx"], Token);
        Assert.Equal([("query", Path.Combine(_folder["onnx"], "query.onnx")), ("item", Path.Combine(_folder["onnx"], "item.onnx"))], models.Select(model => (model.Part, model.Path)));
        Assert.Equal(["age (Float [batch])", "user (String [batch])"], models[0].Inputs.Select(input => input.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, Directory.GetFiles(_folder["onnx"]).Length);

        using var recommender = Recommender.Load(_folder["bundle"]);
        string[] users = ["u3", "u17", "stranger"];
        float[] ages = [1.5f, 8, 3];
        Close(recommender.EmbedQueries(new FeatureBatch(new Column<string>("user", users), new Column<float>("age", ages))), Run(models[0], ("user", users), ("age", ages)));

        long[] items = [3, 29, 777];
        string[] titles = ["Title 3", "Title 29", "unheard of"];
        Close(recommender.EmbedItems(new FeatureBatch(new Column<long>("item", items), new Column<string>("title", titles))).Values, Run(models[1], ("item", items), ("title", titles)));
    }

    [Fact]
    public async Task A_ranking_model_scores_as_its_ranker_does()
    {
        var rows = FeatureBatch.From(Enumerable.Range(0, 500).Select(n => new { city = $"c{n % 5}", size = (float)Math.Sin(n), price = (double)(1000 + (n % 5 * 100)) + (50 * Math.Sin(n)) }));
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "price", MeasureRegression = false, Settings = new RankingSettings { Epochs = 2 } })
            .RunAsync(rows, cancellationToken: Token);
        await result.SaveAsync(_folder["bundle"], Token);
        var model = Assert.Single(await OnnxExport.RunAsync(_folder["bundle"], _folder["onnx"], Token));
        Assert.Equal("ranker", model.Part);
        Assert.Equal("score", Assert.Single(model.Outputs).Name);

        using var ranker = Ranker.Load(_folder["bundle"]);
        string[] cities = ["c1", "c4", "nowhere"];
        float[] sizes = [0.5f, float.NaN, -1];
        var scores = ranker.PredictBatch(new FeatureBatch(new Column<string>("city", cities), new Column<float>("size", sizes)));
        Close(scores, Run(model, ("city", cities), ("size", sizes)));
        Assert.All(scores, score => Assert.InRange(score, 500, 2000));
    }

    [Fact]
    public async Task A_folder_that_is_no_bundle_is_said()
    {
        Assert.StartsWith("There is no bundle at ", (await Assert.ThrowsAsync<BundleException>(() => OnnxExport.RunAsync(_folder["nothing"], _folder["onnx"], Token))).Message);
        Assert.False(Directory.Exists(_folder["onnx"]));
    }

    private static float[] Run(ExportedModel model, params (string Name, Array Values)[] inputs)
    {
        using var session = new InferenceSession(model.Path);
        Assert.Equal(session.InputMetadata.Keys.Order(StringComparer.Ordinal), model.Inputs.Select(input => input.Name).Order(StringComparer.Ordinal));
        using var results = session.Run([.. inputs.Select(input => input.Values switch
        {
            string[] texts => NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<string>(texts, [texts.Length])),
            long[] integers => NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<long>(integers, [integers.Length])),
            _ => NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>((float[])input.Values, [input.Values.Length])),
        })], [model.Outputs[0].Name]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * Math.Max(1, Math.Abs(pair.First))));
    }
}
