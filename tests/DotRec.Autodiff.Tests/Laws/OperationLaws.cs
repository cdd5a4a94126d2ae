using DotRec.Autodiff.Tests.Export;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Autodiff.Tests.Laws;

/// <summary>What holds for every operation: its value, its gradient and its ONNX form mean the same.</summary>
public sealed class OperationLaws
{
    private const int Batch = 7;

    /// <summary>Enough values for the parallel paths: several parts a tensor.</summary>
    private const int LargeBatch = 40_000;

    public static TheoryData<string> Cases => [.. OperationCases.All.Select(@case => @case.Name)];

    public static TheoryData<string> CasesWithGradient => [.. OperationCases.All.Where(@case => @case.HasGradient).Select(@case => @case.Name)];

    public static TheoryData<string> CasesWithOnnxForm => [.. OperationCases.All.Where(@case => @case.HasOnnxForm).Select(@case => @case.Name)];

    [Fact]
    public void Every_operation_has_a_case()
    {
        var covered = OperationCases.All.Select(@case => @case.Operation).ToHashSet();
        var operations = typeof(Operation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Operation)) && !type.IsAbstract).ToArray();

        Assert.NotEmpty(operations);
        Assert.Empty(operations.Where(type => !covered.Contains(type)).Select(type => $"{type.Name} has no case in OperationCases"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_value_is_that_of_the_double_oracle(string name)
    {
        var @case = Find(name);
        var inputs = CaseInputs.Draw(@case, Batch, seed: 1, requiresGradient: false);
        var output = @case.Apply(inputs);
        var expected = @case.Oracle(inputs, inputs.AsDouble());

        Assert.Equal(expected.Shape, output.Shape.ToArray());
        Close(expected.Values, output.Values, 2e-6);
    }

    [Theory]
    [MemberData(nameof(CasesWithGradient))]
    public void The_gradient_is_the_central_difference_of_the_double_oracle(string name)
    {
        var @case = Find(name);
        var inputs = CaseInputs.Draw(@case, Batch, seed: 2, requiresGradient: true);
        var output = @case.Apply(inputs);
        var weights = Weights(output.Length);
        Tensor.Backward((output, weights));

        const double Step = 1e-5;
        var x = inputs.AsDouble();
        for (var input = 0; input < x.Length; input++)
        {
            var expected = new double[x[input].Values.Length];
            for (var i = 0; i < expected.Length; i++)
            {
                var value = x[input].Values[i];
                x[input].Values[i] = value + Step;
                var above = Weighted(@case.Oracle(inputs, x), weights);
                x[input].Values[i] = value - Step;
                var below = Weighted(@case.Oracle(inputs, x), weights);
                x[input].Values[i] = value;
                expected[i] = (above - below) / (2 * Step);
            }

            Close(expected, inputs[input].Gradient!.Values, 2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(CasesWithGradient))]
    public void Gradients_of_several_uses_add_up(string name)
    {
        var @case = Find(name);
        var inputs = CaseInputs.Draw(@case, Batch, seed: 3, requiresGradient: true);
        Tensor.Backward((@case.Apply(inputs), Weights(@case.Apply(inputs).Length)));
        var once = Array.ConvertAll(inputs.Tensors, tensor => Array.ConvertAll(tensor.Gradient!.Values.ToArray(), v => 2.0 * v));
        foreach (var tensor in inputs.Tensors)
        {
            tensor.ClearGradient();
        }

        // Two outputs in one pass: the second one's share is added to the first one's.
        var (first, second) = (@case.Apply(inputs), @case.Apply(inputs));
        Tensor.Backward((first, Weights(first.Length)), (second, Weights(second.Length)));
        for (var i = 0; i < once.Length; i++)
        {
            Close(once[i], inputs[i].Gradient!.Values, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(CasesWithGradient))]
    public void Results_as_inputs_pass_the_same_gradient_on(string name)
    {
        var @case = Find(name);
        var given = CaseInputs.Draw(@case, Batch, seed: 6, requiresGradient: true);
        var output = @case.Apply(given);
        Tensor.Backward((output, Weights(output.Length)));
        var expected = Array.ConvertAll(given.Tensors, tensor => Array.ConvertAll(tensor.Gradient!.Values.ToArray(), v => (double)v));

        // Once alone, and once with a second use of each input before and after.
        foreach (var isUsedTwice in new[] { false, true })
        {
            var leaves = CaseInputs.Draw(@case, Batch, seed: 6, requiresGradient: true);
            var inputs = leaves.AsResults();
            var earlier = Array.ConvertAll(inputs.Tensors, tensor => (tensor * 0f).Sum());
            output = @case.Apply(inputs);
            var later = Array.ConvertAll(inputs.Tensors, tensor => (tensor * 0f).Sum());
            (Tensor, ReadOnlyMemory<float>)[] others = [.. earlier.Concat(later).Select(sum => (sum, (ReadOnlyMemory<float>)new float[] { 1 }))];
            Tensor.Backward([(output, Weights(output.Length)), .. isUsedTwice ? others : []]);
            for (var i = 0; i < expected.Length; i++)
            {
                Close(expected[i], leaves[i].Gradient!.Values, 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Large_tensors_give_the_same_bits_at_any_thread_count(string name)
    {
        var @case = Find(name);
        var (alone, gradientsAlone) = Run(1);
        var (together, gradientsTogether) = Run(3);
        Assert.True(alone.AsSpan().SequenceEqual(together), "the values depend on the thread count");
        for (var i = 0; i < gradientsAlone.Length; i++)
        {
            Assert.True(gradientsAlone[i].AsSpan().SequenceEqual(gradientsTogether[i]), $"the gradient of input {i} depends on the thread count");
        }

        (float[] Values, float[][] Gradients) Run(int threads)
        {
            var before = Parallelism.MaxDegreeOfParallelism;
            Parallelism.MaxDegreeOfParallelism = threads;
            try
            {
                var inputs = CaseInputs.Draw(@case, LargeBatch, seed: 4, requiresGradient: @case.HasGradient);
                var output = @case.Apply(inputs);
                if (@case.HasGradient)
                {
                    Tensor.Backward((output, Weights(output.Length)));
                }

                return (output.Values.ToArray(), @case.HasGradient ? Array.ConvertAll(inputs.Tensors, tensor => tensor.Gradient!.Values.ToArray()) : []);
            }
            finally
            {
                Parallelism.MaxDegreeOfParallelism = before;
            }
        }
    }

    [Theory]
    [MemberData(nameof(CasesWithOnnxForm))]
    public void The_ONNX_form_computes_the_same_at_any_batch_size(string name)
    {
        var @case = Find(name);
        var model = Export(@case);
        foreach (var batch in new[] { 1, 7, 256 })
        {
            var inputs = CaseInputs.Draw(@case, batch, seed: 5, requiresGradient: false);
            var expected = Inference(@case, inputs);
            var actual = OnnxRunner.Run(model, Feeds(@case, inputs, model));
            Close(Array.ConvertAll(expected, v => (double)v), actual, 1e-5);
        }
    }

    private static OnnxModel Export(OperationCase @case)
    {
        // The model's weights are those of the later runs: drawn from the same seed, they do not follow the batch.
        var graph = new OnnxGraph("case");
        var inputs = CaseInputs.Draw(@case, Batch, seed: 5, requiresGradient: false);
        using var trace = OnnxTrace.Begin(graph);
        for (var i = 0; i < inputs.Tensors.Length; i++)
        {
            if (@case.IsData(i))
            {
                string[] shape = ["batch", .. inputs[i].Shape[1..].ToArray().Select(size => $"{size}")];
                trace.Bind(inputs[i], graph.Input($"input{i}", OnnxElementType.Float, shape));
            }
        }

        var output = @case.Apply(inputs);
        trace.Bind(inputs.Ids, graph.Input("ids", OnnxElementType.Int64, "batch"));
        trace.Bind(inputs.Lists, graph.Input("lists", OnnxElementType.Int64, "batch", "count"), graph.Input("lists_length", OnnxElementType.Int64, "batch"));
        trace.Bind(inputs.Choice, graph.Input("choice", OnnxElementType.Bool, "batch", "3"));
        graph.Output("output", trace.Emit(output), OnnxElementType.Float, [.. Enumerable.Range(0, output.Rank).Select(axis => $"axis{axis}")]);
        return graph.Build();
    }

    private static float[] Inference(OperationCase @case, CaseInputs inputs)
    {
        using (Gradients.Off())
        {
            return @case.Apply(inputs).Values.ToArray();
        }
    }

    private static OnnxFeed[] Feeds(OperationCase @case, CaseInputs inputs, OnnxModel model)
    {
        var feeds = new List<OnnxFeed>();
        for (var i = 0; i < inputs.Tensors.Length; i++)
        {
            if (@case.IsData(i))
            {
                feeds.Add(OnnxFeed.Of($"input{i}", inputs[i].Values.ToArray(), inputs[i].Shape));
            }
        }

        feeds.Add(OnnxFeed.Of("ids", Array.ConvertAll(inputs.Ids.Values.ToArray(), id => (long)id), inputs.Batch));
        feeds.AddRange(OnnxFeed.OfLists("lists", inputs.Lists));
        feeds.Add(OnnxFeed.Of("choice", inputs.Choice.Values.ToArray(), inputs.Choice.Shape));
        return [.. feeds];
    }

    private static OperationCase Find(string name) => OperationCases.All.Single(@case => @case.Name == name);

    private static float[] Weights(int length)
    {
        var random = new SeededRandom(77);
        var weights = new float[length];
        for (var i = 0; i < length; i++)
        {
            weights[i] = (2 * random.NextSingle()) - 1;
        }

        return weights;
    }

    private static double Weighted(NdArray output, float[] weights) => output.Values.Select((value, i) => value * weights[i]).Sum();

    private static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(expected[i] - actual[i]);
            Assert.True(error <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"value {i}: expected {expected[i]:R}, got {actual[i]:R}, error {error:E2}");
        }
    }
}
