using DotRec.Onnx;

namespace DotRec.Autodiff.Tests.Export;

public sealed class OnnxTraceTests
{
    private const int Batch = 7;

    [Fact]
    public void A_whole_tower_computes_the_same_at_any_batch_size()
    {
        // Ids and padded lists in, two embeddings, a cross layer with residual, attention-like reshaping, normalised output.
        var ids = Table("ids", 20, 6);
        var genres = Table("genres", 9, 6);
        var cross = Table("cross", 12, 12);
        var bias = Table("bias", 1, 12);

        Tensor Tower(Indices id, Indices lists, Tensor numbers, bool isTraining)
        {
            var x0 = Tensor.Concatenate([ids.Value.Gather(id), genres.Value.GatherMean(lists)]);
            var x = (x0 * (x0.MatMul(cross) + bias)) + x0;
            x = x.Dropout(0.5f, seed: 3, isTraining);
            var parts = x.Reshape(-1, 3, 4);
            var attention = parts.MatMul(parts, transposeRight: true).Softmax();
            x = attention.MatMul(parts).Reshape(x.Shape[0], 12) * numbers.Mean(1, keepDimension: true).Sigmoid();
            return Tensor.Where(x > 0, x, 0.1f * x).L2Normalize();
        }

        var graph = new OnnxGraph("tower");
        var sample = Data(Batch);
        using (var trace = OnnxTrace.Begin(graph))
        {
            var output = Tower(sample.Ids, sample.Lists, sample.Numbers, isTraining: true);
            trace.Bind(sample.Ids, graph.Input("id", OnnxElementType.Int64, "batch"));
            trace.Bind(
                sample.Lists, graph.Input("genre", OnnxElementType.Int64, "batch", "genre_count"), graph.Input("genre_length", OnnxElementType.Int64, "batch"));
            trace.Bind(sample.Numbers, graph.Input("numbers", OnnxElementType.Float, "batch", "2"));
            graph.Output("embedding", trace.Emit(output), OnnxElementType.Float, "batch", "12");
        }

        var model = graph.Build();
        foreach (var batch in new[] { 1, 7, 256 })
        {
            var data = Data(batch);
            float[] expected;
            using (Gradients.Off())
            {
                expected = Tower(data.Ids, data.Lists, data.Numbers, isTraining: false).Values.ToArray();
            }

            var actual = OnnxRunner.Run(
                model,
                [
                    OnnxFeed.Of("id", Array.ConvertAll(data.Ids.Values.ToArray(), id => (long)id), batch),
                    .. OnnxFeed.OfLists("genre", data.Lists),
                    OnnxFeed.Of("numbers", data.Numbers.Values.ToArray(), batch, 2),
                ]);
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Lists_that_are_all_empty_give_zeros()
    {
        var table = Table("table", 3, 2);
        Indices lists = new(ReadOnlyMemory<int>.Empty, new int[Batch + 1]);
        var graph = new OnnxGraph("empty");
        using var trace = OnnxTrace.Begin(graph);
        var output = table.Value.GatherMean(lists);
        trace.Bind(lists, graph.Input("lists", OnnxElementType.Int64, "batch", "count"), graph.Input("lists_length", OnnxElementType.Int64, "batch"));
        graph.Output("output", trace.Emit(output), OnnxElementType.Float, "batch", "2");

        Assert.Equal(new float[Batch * 2], OnnxRunner.Run(graph.Build(), [.. OnnxFeed.OfLists("lists", lists)]));
    }

    [Fact]
    public void A_shared_parameter_is_written_once()
    {
        var weight = Table("weight", 100, 100);
        var (graph, trace, x) = Begin(100);
        using (trace)
        {
            var output = x.MatMul(weight).Relu().MatMul(weight) + x.MatMul(weight);
            graph.Output("output", trace.Emit(output), OnnxElementType.Float, "batch", "100");
        }

        Assert.InRange(graph.Build().Bytes.Length, 100 * 100 * sizeof(float), (100 * 100 * sizeof(float)) + 2000);
    }

    [Fact]
    public void What_two_outputs_share_is_written_once()
    {
        var weight = Table("weight", 4, 4);
        var (graph, trace, x) = Begin(4);
        using (trace)
        {
            var hidden = x.MatMul(weight);
            var first = trace.Emit(hidden);
            Assert.Equal(first, trace.Emit(hidden));
            Assert.NotEqual(first, trace.Emit(hidden.Relu()));
        }
    }

    [Fact]
    public void Ten_thousand_operations_in_a_row_are_written()
    {
        var (_, trace, x) = Begin(1);
        using (trace)
        {
            for (var i = 0; i < 10_000; i++)
            {
                x = -x;
            }

            Assert.NotEmpty(trace.Emit(x));
        }
    }

    [Fact]
    public void Data_that_is_not_bound_is_named()
    {
        var (_, trace, x) = Begin(3);
        using (trace)
        {
            var output = x + Tensor.From(new float[3 * Batch], Batch, 3);
            Assert.Equal(
                "The traced value depends on Tensor [7, 3], which is neither a parameter nor a constant nor bound to a graph value. " +
                "Bind it with trace.Bind, make it with Tensor.Constant, or compute it while the trace is open.",
                Assert.Throws<InvalidOperationException>(() => trace.Emit(output)).Message);
        }
    }

    [Fact]
    public void Indices_and_masks_that_are_not_bound_are_named()
    {
        var (_, trace, x) = Begin(3);
        using (trace)
        {
            var gathered = Table("table", 2, 3).Value.Gather(new Indices(new[] { 1 }));
            Assert.Equal(
                "Gather: the traced value depends on indices that are not bound to a graph value. Bind them with trace.Bind.",
                Assert.Throws<InvalidOperationException>(() => trace.Emit(gathered)).Message);

            var chosen = Tensor.Where(Mask.From(new bool[Batch], Batch, 1), x, 0);
            Assert.Equal(
                "Where: the traced value depends on a mask [7, 1] that is not bound to a graph value. Bind it with trace.Bind, or make it with Mask.Constant.",
                Assert.Throws<InvalidOperationException>(() => trace.Emit(chosen)).Message);

            Assert.NotEmpty(trace.Emit(Tensor.Where(Mask.Constant([true, false, true], 3), x, 0)));
        }
    }

    [Fact]
    public void An_operation_without_an_ONNX_form_is_named()
    {
        var (_, trace, x) = Begin(3);
        using (trace)
        {
            var loss = Tensor.Precomputed(1, (x, x)) * 2f;
            Assert.Equal(
                "Precomputed has no ONNX form: it is a loss whose gradients were computed outside. Export what the loss was computed from.",
                Assert.Throws<NotSupportedException>(() => trace.Emit(loss)).Message);
        }
    }

    [Theory]
    [InlineData("Slice: it takes rows out of the batch ([7, 3], axis 0), which has no ONNX form: the batch size is known only at run time.")]
    [InlineData("Add: an input of shape [7, 1] has the sample's batch size built in on axis 0, so it works for one batch size only and has no ONNX form.")]
    [InlineData("Concatenate: an input of shape [7, 1] has the sample's batch size built in on axis 0, so it works for one batch size only and has no ONNX form.")]
    [InlineData("MatMul: an input of shape [7, 3, 2] has the sample's batch size built in on axis 0, so it works for one batch size only and has no ONNX form.")]
    [InlineData(
        "Reshape: [7, 3] to [3, 7] mixes the batch (axis 0) with axes before it or splits it, which has no ONNX form. " +
        "Keep the batch first, and trace with a batch of 2 or more.")]
    public void A_computation_for_one_batch_size_only_is_refused(string message)
    {
        var (_, trace, x) = Begin(3);
        using (trace)
        {
            var built = Tensor.Constant(new float[Batch], Batch, 1);
            var output = message.Split(':')[0] switch
            {
                "Slice" => x.Slice(0, 0, 2),
                "Add" => x + built,
                "Concatenate" => Tensor.Concatenate([x, built]),
                "MatMul" => x.Reshape(Batch, 1, 3).MatMul(Tensor.Constant(new float[Batch * 6], Batch, 3, 2)),
                _ => x.Reshape(3, Batch),
            };
            Assert.Equal(message, Assert.Throws<NotSupportedException>(() => trace.Emit(output)).Message);
        }
    }

    [Fact]
    public void Constants_and_large_exponents_survive_the_export()
    {
        // LogSumExp and softmax must be stable in the graph too.
        var (graph, trace, x) = Begin(2);
        using (trace)
        {
            var output = Tensor.Concatenate([(x * 1000f).Softmax(), (x * 1000f).LogSumExp(1, keepDimension: true)]);
            graph.Output("output", trace.Emit(output), OnnxElementType.Float, "batch", "3");
        }

        var actual = OnnxRunner.Run(graph.Build(), OnnxFeed.Of("x", new[] { 1f, 0 }, 1, 2));
        Assert.Equal([1f, 0, 1000], actual);
    }

    [Fact]
    public void Traces_do_not_nest_and_stop_recording_when_disposed()
    {
        var (graph, trace, x) = Begin(2);
        using (trace)
        {
            Assert.Throws<InvalidOperationException>(() => OnnxTrace.Begin(graph));
        }

        Assert.Null((x * 2f).Producer);
        trace.Dispose();
        using var next = OnnxTrace.Begin(graph);
        Assert.NotNull((x * 2f).Producer);
    }

    [Fact]
    public void Lengths_belong_to_jagged_indices_only()
    {
        var (_, trace, _) = Begin(2);
        using (trace)
        {
            Indices plain = new(new[] { 0 }), jagged = new(new[] { 0 }, new[] { 0, 1 });
            Assert.StartsWith("Indices 'a' have one index a row and no lengths.", Assert.Throws<ArgumentException>(() => trace.Bind(plain, "a", "b")).Message);
            Assert.StartsWith("Indices 'a' are jagged: name the value that holds the rows' lengths.", Assert.Throws<ArgumentException>(() => trace.Bind(jagged, "a")).Message);
            Assert.Throws<ShapeException>(() => trace.Bind(Tensor.Constant(1), "a"));
        }
    }

    private static (OnnxGraph Graph, OnnxTrace Trace, Tensor X) Begin(int width)
    {
        var graph = new OnnxGraph("test");
        var trace = OnnxTrace.Begin(graph);
        var x = Tensor.From(new float[Batch * width], Batch, width);
        trace.Bind(x, graph.Input("x", OnnxElementType.Float, "batch", $"{width}"));
        return (graph, trace, x);
    }

    private static Parameter Table(string name, int rows, int width) =>
        Given.Parameter(name, [.. Enumerable.Range(0, rows * width).Select(i => MathF.Sin(i))], rows, width);

    private static (Indices Ids, Indices Lists, Tensor Numbers) Data(int batch)
    {
        var offsets = new int[batch + 1];
        for (var i = 0; i < batch; i++)
        {
            offsets[i + 1] = offsets[i] + ((i + 1) % 4);
        }

        return (
            new Indices(Enumerable.Range(0, batch).Select(i => i * 13 % 20).ToArray()),
            new Indices(Enumerable.Range(0, offsets[^1]).Select(i => i * 5 % 9).ToArray(), offsets),
            Tensor.From([.. Enumerable.Range(0, 2 * batch).Select(i => MathF.Cos(i))], batch, 2));
    }
}
