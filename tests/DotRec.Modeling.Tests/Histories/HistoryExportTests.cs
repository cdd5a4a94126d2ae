using System.Globalization;
using DotRec.Data;
using DotRec.Kernels;
using DotRec.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Modeling.Tests;

public class HistoryExportTests
{
    private const int Unknown = -1;

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var (name, i) in SequenceCase.Networks.Keys.Select((name, i) => (name, i)))
            {
                cases.Add(name, i % 2 == 0);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_exported_query_side_equals_the_trained_one(string network, bool isText)
    {
        var model = SequenceCase.Networks[network]();
        model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { Epochs = 1 }, TestContext.Current.CancellationToken);
        Randomize(model);
        var ids = Enumerable.Range(0, SequenceCase.Items).Select(item => 1000L + (3 * item)).ToArray();
        var column = isText ? (Column)new Column<string>("movie", Array.ConvertAll(ids, Text)) : new Column<long>("movie", ids);
        var onnx = model.ExportQuery(column);
        Assert.Equal(["history", "history_length"], onnx.Inputs.Select(input => input.Name));
        Assert.Equal(["batch", "16"], Assert.Single(onnx.Outputs).Shape);

        // Longer than the model looks, unknown items among them and at the end, none, and none that is known.
        var random = new SeededRandom(1);
        int[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextInt(SequenceCase.Items))];
        int[][] lists = [Draw(30), [], Draw(12), [.. Draw(5), Unknown, .. Draw(6), Unknown, Unknown], Draw(1), [Unknown, Unknown], Draw(13), [Unknown, .. Draw(14), Unknown]];
        using var session = Open(onnx);
        foreach (var part in new[] { lists, lists[..1], lists[1..2], lists[5..6] })
        {
            var known = Histories.Of(SequenceCase.Items, [.. part.Select(list => (IReadOnlyList<int>)list.Where(item => item != Unknown).ToArray())]);
            var expected = model.EmbedHistories(known, TestContext.Current.CancellationToken);
            var actual = Run(session, part, ids, isText);
            Assert.Equal(expected, actual, (x, y) => MathF.Abs(x - y) < 2e-5f);
        }
    }

    [Theory]
    [InlineData("ials")]
    [InlineData("bpr")]
    public void The_exported_query_side_of_a_factorization_equals_it(string kind)
    {
        const int Items = 1200;
        var random = new SeededRandom(2);
        int[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextInt(Items) * random.NextInt(Items) / Items)];
        var histories = Histories.Of(Items, [.. Enumerable.Range(0, 400).Select(_ => (IReadOnlyList<int>)Draw(1 + random.NextInt(60)))]);
        HistoryEmbeddingModel model = kind == "ials" ? new IalsModel { Dimension = 24, Rounds = 6, UnobservedWeight = 0.02 } : new BprModel { Dimension = 24, Rounds = 4 };
        model.Fit(histories, cancellationToken: TestContext.Current.CancellationToken);
        var ids = Enumerable.Range(0, Items).Select(item => 8L + (2 * item)).ToArray();
        using var session = Open(model.ExportQuery(new Column<long>("movie", ids)));

        // With repeats, unknown items, none at all, and more than are looked at.
        int[][] lists = [Draw(30), [5, 5, 5], [5], [Unknown, 8, Unknown, 9, 8], [Unknown], [], Draw(1500), Draw(300)];
        foreach (var part in new[] { lists, lists[..1], lists[4..5] })
        {
            var known = Histories.Of(Items, [.. part.Select(list => (IReadOnlyList<int>)list.Where(item => item != Unknown).ToArray())]);
            var expected = model.EmbedQueries(new NextItems(known, [.. Enumerable.Range(0, part.Length)], new int[part.Length]), TestContext.Current.CancellationToken);
            var scale = expected.Max(MathF.Abs);
            Assert.Equal(expected, Run(session, part, ids, isText: false), (x, y) => MathF.Abs(x - y) <= 1e-4f * scale);
        }
    }

    [Fact]
    public void Ids_that_do_not_fit_the_catalogue_are_refused()
    {
        var model = new SasRec();
        model.Fit(Histories.Of(3, [[0, 1, 2]]), new HistoryFitOptions { Epochs = 1 }, TestContext.Current.CancellationToken);
        Assert.StartsWith(
            "There are 2 ids for 3 items.", Assert.Throws<ArgumentException>(() => model.ExportQuery(new Column<long>("id", [1, 2]))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot identify items", Assert.Throws<ArgumentException>(() => model.ExportQuery(new Column<float>("id", [1, 2, 3]))).Message, StringComparison.Ordinal);
    }

    private static void Randomize(HistoryNetwork model)
    {
        // Biases and gains too, which hardly move in one epoch.
        var random = new SeededRandom(9);
        foreach (var parameter in model.Parameters)
        {
            foreach (ref var value in parameter.Value.WritableValues())
            {
                value += 0.2f * (float)random.NextNormal();
            }
        }
    }

    private static InferenceSession Open(OnnxModel model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return new InferenceSession(model.Bytes.ToArray(), options);
    }

    private static float[] Run(InferenceSession session, int[][] lists, long[] ids, bool isText)
    {
        // Padding holds a known item, which must not count.
        var width = Math.Max(1, lists.Max(list => list.Length));
        var values = lists.SelectMany(list => Enumerable.Range(0, width).Select(i => i >= list.Length ? ids[2] : list[i] == Unknown ? 77 : ids[list[i]])).ToArray();
        using var history = isText ? OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [lists.Length, width])
            : OrtValue.CreateTensorValueFromMemory(values, [lists.Length, width]);
        for (var i = 0; i < values.Length && isText; i++)
        {
            history.StringTensorSetElementAt(Text(values[i]), i);
        }

        using var lengths = OrtValue.CreateTensorValueFromMemory([.. lists.Select(list => (long)list.Length)], [lists.Length]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, new Dictionary<string, OrtValue> { ["history"] = history, ["history_length"] = lengths }, ["embedding"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
