using DotRec.Kernels;

namespace DotRec.Autodiff.Tests.Laws;

/// <summary>Every operation with its meaning. A new operation gets a line here and with it all the laws.</summary>
internal static class OperationCases
{
    public static IReadOnlyList<OperationCase> All { get; } =
    [
        .. Elementwise<Add>("+", (x, y) => x + y, (x, y) => x + y),
        .. Elementwise<Subtract>("-", (x, y) => x - y, (x, y) => x - y),
        .. Elementwise<Multiply>("*", (x, y) => x * y, (x, y) => x * y),
        .. Elementwise<Divide>("/", (x, y) => x / y, (x, y) => x / y, low: 0.5f),
        new("x * x", typeof(Multiply), b => [[b, 3]], i => i[0] * i[0], (_, x) => x[0].Map(v => v * v)),
        Number<Add>("2 + x", x => 2 + x, v => 2 + v),
        Number<Add>("x + 2", x => x + 2, v => v + 2),
        Number<Subtract>("2 - x", x => 2 - x, v => 2 - v),
        Number<Subtract>("x - 2", x => x - 2, v => v - 2),
        Number<Multiply>("3 * x", x => 3 * x, v => 3 * v),
        Number<Multiply>("x * 3", x => x * 3, v => v * 3),
        Number<Divide>("2 / x", x => 2 / x, v => 2 / v, low: 0.5f),
        Number<Divide>("x / 4", x => x / 4, v => v / 4),
        Number<Negate>("-x", x => -x, v => -v),
        Number<Exp>("exp", x => x.Exp(), Math.Exp),
        Number<Log>("log", x => x.Log(), Math.Log, low: 0.1f),
        Number<Sqrt>("sqrt", x => x.Sqrt(), Math.Sqrt, low: 0.1f),
        Number<Relu>("relu", x => x.Relu(), v => Math.Max(v, 0)),
        Number<Sigmoid>("sigmoid", x => x.Sigmoid(), v => 1 / (1 + Math.Exp(-v)), low: -30, high: 30),
        Number<Tanh>("tanh", x => x.Tanh(), Math.Tanh, low: -6, high: 6),
        Number<Gelu>("gelu", x => x.Gelu(), v => v * NormalDistribution(v), low: -6, high: 6),
        Number<Detach>("detach", x => x.Detach(), v => v) with { HasGradient = false },
        Product("[b,4]·[4,3]", b => [[b, 4], [4, 3]]),
        Product("[b,4]·[3,4]ᵀ", b => [[b, 4], [3, 4]], transposeRight: true),
        Product("[4,b]ᵀ·[4,3]", b => [[4, 5], [4, 3]], transposeLeft: true),
        Product("[4,5]ᵀ·[3,4]ᵀ", b => [[4, 5], [3, 4]], transposeLeft: true, transposeRight: true),
        Product("[b,2,4]·[b,4,3]", b => [[b, 2, 4], [b, 4, 3]]),
        Product("[b,2,4]·[b,3,4]ᵀ", b => [[b, 2, 4], [b, 3, 4]], transposeRight: true),
        Product("[b,4,2]ᵀ·[b,4,3]", b => [[b, 4, 2], [b, 4, 3]], transposeLeft: true),
        Product("[b,4,2]ᵀ·[b,3,4]ᵀ", b => [[b, 4, 2], [b, 3, 4]], transposeLeft: true, transposeRight: true),
        Product("[b,2,4]·[4,3]", b => [[b, 2, 4], [4, 3]]),
        Product("[b,2,4]·[3,4]ᵀ", b => [[b, 2, 4], [3, 4]], transposeRight: true),
        Product("[b,4,2]ᵀ·[4,3]", b => [[b, 4, 2], [4, 3]], transposeLeft: true),
        Product("[b,4,2]ᵀ·[3,4]ᵀ", b => [[b, 4, 2], [3, 4]], transposeLeft: true, transposeRight: true),
        Product("[b,2,3,4]·[b,2,4,2]", b => [[b, 2, 3, 4], [b, 2, 4, 2]]),
        new("gather", typeof(Gather), _ => [[CaseInputs.TableRows, 3]], i => i[0].Gather(i.Ids),
            (i, x) => NdArray.Fill([i.Batch, 3], p => x[0].At(i.Ids.Values.Span[p[0]], p[1]))),
        new("gather mean", typeof(GatherMean), _ => [[CaseInputs.TableRows, 3]], i => i[0].GatherMean(i.Lists),
            (i, x) => NdArray.Fill([i.Batch, 3], p => MeanOf(i.Lists, p[0], id => x[0].At(id, p[1])))),
        new("gather sum", typeof(GatherSum), _ => [[CaseInputs.TableRows, 3]], i => i[0].GatherSum(i.Lists),
            (i, x) => NdArray.Fill([i.Batch, 3], p => SumOf(i.Lists, p[0], id => x[0].At(id, p[1])))),
        new("concatenate columns", typeof(Concatenate), b => [[b, 2], [b, 3], [b, 1]], i => Tensor.Concatenate(i.Tensors), (_, x) => Beside(x, 1)),
        new("concatenate middle axis", typeof(Concatenate), b => [[b, 2, 3], [b, 1, 3]], i => Tensor.Concatenate(i.Tensors, 1), (_, x) => Beside(x, 1)),
        new("concatenate rows", typeof(Concatenate), b => [[b, 2], [b, 2]], i => Tensor.Concatenate(i.Tensors, 0), (_, x) => Beside(x, 0)),
        new("slice columns", typeof(Slice), b => [[b, 5]], i => i[0].Slice(1, 1, 3), (_, x) => NdArray.Fill([x[0].Shape[0], 3], p => x[0].At(p[0], p[1] + 1))),
        new("slice middle axis", typeof(Slice), b => [[b, 4, 2]], i => i[0].Slice(-2, 2, 2), (_, x) => NdArray.Fill([x[0].Shape[0], 2, 2], p => x[0].At(p[0], p[1] + 2, p[2]))),
        new("reshape splits", typeof(Reshape), b => [[b, 6]], i => i[0].Reshape(-1, 2, 3), (_, x) => x[0].Reshape(x[0].Shape[0], 2, 3)),
        new("reshape joins the batch", typeof(Reshape), b => [[b, 3, 2]], i => i[0].Reshape(i.Batch * 3, 2), (_, x) => x[0].Reshape(x[0].Shape[0] * 3, 2)),
        new("reshape to a column", typeof(Reshape), b => [[b]], i => i[0].Reshape(i.Batch, 1), (_, x) => x[0].Reshape(x[0].Shape[0], 1)),
        new("transpose", typeof(Transpose), b => [[b, 3]], i => i[0].Transpose(), (_, x) => NdArray.Fill([3, x[0].Shape[0]], p => x[0].At(p[1], p[0]))),
        new("transpose axes", typeof(Transpose), b => [[b, 2, 3]], i => i[0].Transpose(2, 0, 1), (_, x) => NdArray.Fill([3, x[0].Shape[0], 2], p => x[0].At(p[1], p[2], p[0]))),
        .. Folds<Sum>("sum", (x, axis, keep) => x.Sum(axis, keep), x => x.Sum(), lane => lane.Sum()),
        .. Folds<Mean>("mean", (x, axis, keep) => x.Mean(axis, keep), x => x.Mean(), lane => lane.Average()),
        .. Folds<Max>("max", (x, axis, keep) => x.Max(axis, keep), x => x.Max(), lane => lane.Max()),
        .. Folds<LogSumExp>("logsumexp", (x, axis, keep) => x.LogSumExp(axis, keep), x => x.LogSumExp(), LogSumExp),
        new("softmax", typeof(Softmax), b => [[b, 4]], i => i[0].Softmax(), (_, x) => x[0].Lanes(1, Softmax)),
        new("softmax middle axis", typeof(Softmax), b => [[b, 4, 3]], i => i[0].Softmax(1), (_, x) => x[0].Lanes(1, Softmax)),
        new("l2 normalize", typeof(L2Normalize), b => [[b, 4]], i => i[0].L2Normalize(), (_, x) => x[0].Lanes(1, lane => L2(lane, 1e-12))),
        new("l2 normalize middle axis", typeof(L2Normalize), b => [[b, 4, 2]], i => i[0].L2Normalize(1), (_, x) => x[0].Lanes(1, lane => L2(lane, 1e-12))),
        new("l2 normalize below epsilon", typeof(L2Normalize), b => [[b, 2]], i => i[0].L2Normalize(-1, 100), (_, x) => x[0].Lanes(1, lane => L2(lane, 100))),
        new("layer norm", typeof(LayerNorm), b => [[b, 4], [4], [4]], i => i[0].LayerNorm(i[1], i[2]), (_, x) => Norm(x)),
        new("layer norm of three axes", typeof(LayerNorm), b => [[b, 2, 3], [3], [3]], i => i[0].LayerNorm(i[1], i[2], 0.5f), (_, x) => Norm(x, 0.5)),
        new("causal attention", typeof(CausalAttention), b => [[b, 6]], i => i[0].CausalAttention(Sequences(i.Batch)), (i, x) => Attention(x[0], Sequences(i.Batch), 1)) { HasOnnxForm = false },
        new("causal attention, dropout", typeof(CausalAttention), b => [[b, 12]], i => i[0].CausalAttention(Sequences(i.Batch), 2, 0.4f, 9, isTraining: true), (i, x) => Attention(x[0], Sequences(i.Batch), 2, new AttentionDropout(0.4f, 9))) { HasOnnxForm = false },
        new("causal attention, 2 heads", typeof(CausalAttention), b => [[b, 12]], i => i[0].CausalAttention(Sequences(i.Batch), 2), (i, x) => Attention(x[0], Sequences(i.Batch), 2)) { HasOnnxForm = false },
        new("gated recurrence", typeof(GatedRecurrence), b => [[b, 9], [3, 9], [3]], i => i[0].GatedRecurrence(i[1], i[2], Sequences(i.Batch)), (i, x) => Recurrence(x, Sequences(i.Batch))) { HasOnnxForm = false, Low = -1, High = 1 },
        new("mean of what came before", typeof(DecayedMean), b => [[b, 3]], i => i[0].DecayedMean(Sequences(i.Batch)), (i, x) => DecayedMean(x[0], Sequences(i.Batch), 1)) { HasOnnxForm = false },
        new("decayed mean", typeof(DecayedMean), b => [[b, 3]], i => i[0].DecayedMean(Sequences(i.Batch), 0.75f), (i, x) => DecayedMean(x[0], Sequences(i.Batch), 0.75)) { HasOnnxForm = false },
        new("decayed mean of the last", typeof(DecayedMean), b => [[b, 2]], i => i[0].DecayedMean(Sequences(i.Batch), 0), (_, x) => x[0].Map(v => v)) { HasOnnxForm = false },
        new("where", typeof(Where), b => [[b, CaseInputs.ChoiceWidth], [b, CaseInputs.ChoiceWidth]], i => Tensor.Where(i.Choice, i[0], i[1]),
            (i, x) => NdArray.Fill(x[0].Shape, p => Chosen(i, p) ? x[0].At(p) : x[1].At(p))),
        new("where broadcasts", typeof(Where), b => [[CaseInputs.ChoiceWidth], [b, 1]], i => Tensor.Where(i.Choice, i[0], i[1]),
            (i, x) => NdArray.Fill([i.Batch, CaseInputs.ChoiceWidth], p => Chosen(i, p) ? x[0].At(p[1]) : x[1].At(p[0], 0))),
        new("where greater", typeof(Where), b => [[b, 3], [3]], i => Tensor.Where(i[0] > i[1], i[0], i[1]), (_, x) => NdArray.Zip(x[0], x[1], Math.Max)),
        new("where less", typeof(Where), b => [[b, 3]], i => Tensor.Where(i[0] < 0.5f, i[0], 0.5f), (_, x) => x[0].Map(v => Math.Min(v, 0.5))),
        new("dropout", typeof(Dropout), b => [[b, 5]], i => i[0].Dropout(0.4f, seed: 9, isTraining: true), DroppedOut) { HasOnnxForm = false },
        new("precomputed", typeof(Precomputed), b => [[b, 2]], SumOfSquares, (_, x) => x[0].FoldAll(lane => lane.Sum(v => v * v))) { HasOnnxForm = false },
    ];

    private static OperationCase[] Elementwise<T>(string sign, Func<Tensor, Tensor, Tensor> apply, Func<double, double, double> meaning, float low = -2)
    {
        OperationCase Case(string name, Func<int, int[][]> shapes) =>
            new(name, typeof(T), shapes, i => apply(i[0], i[1]), (_, x) => NdArray.Zip(x[0], x[1], meaning)) { Low = low };
        return
        [
            Case($"[b,3] {sign} [b,3]", b => [[b, 3], [b, 3]]),
            Case($"[b,3] {sign} [3]", b => [[b, 3], [3]]),
            Case($"[3] {sign} [b,3]", b => [[3], [b, 3]]),
            Case($"[b,3] {sign} [b,1]", b => [[b, 3], [b, 1]]),
            Case($"[b,1] {sign} [1,3]", b => [[b, 1], [1, 3]]),
            Case($"[b,2,3] {sign} [b,1,3]", b => [[b, 2, 3], [b, 1, 3]]),
            Case($"[b,1,3] {sign} [2,1]", b => [[b, 1, 3], [2, 1]]),
            Case($"[] {sign} [b,3]", b => [[], [b, 3]]),
            Case($"[b,2,1,2] {sign} [b,1,3,2]", b => [[b, 2, 1, 2], [b, 1, 3, 2]]),
        ];
    }

    private static OperationCase Number<T>(string name, Func<Tensor, Tensor> apply, Func<double, double> meaning, float low = -2, float high = 2) =>
        new(name, typeof(T), b => [[b, 3]], i => apply(i[0]), (_, x) => x[0].Map(meaning)) { Low = low, High = high };

    private static OperationCase Product(string name, Func<int, int[][]> shapes, bool transposeLeft = false, bool transposeRight = false) =>
        new(name, typeof(MatMul), shapes, i => i[0].MatMul(i[1], transposeLeft, transposeRight), (_, x) => NdArray.MatMul(x[0], x[1], transposeLeft, transposeRight));

    private static OperationCase[] Folds<T>(
        string name, Func<Tensor, int, bool, Tensor> apply, Func<Tensor, Tensor> applyToAll, Func<double[], double> meaning) =>
    [
        new($"{name} of rows", typeof(T), b => [[b, 4]], i => apply(i[0], -1, false), (_, x) => x[0].Fold(1, false, meaning)),
        new($"{name} of rows, kept", typeof(T), b => [[b, 4]], i => apply(i[0], 1, true), (_, x) => x[0].Fold(1, true, meaning)),
        new($"{name} of columns", typeof(T), b => [[b, 3]], i => apply(i[0], 0, false), (_, x) => x[0].Fold(0, false, meaning)),
        new($"{name} of columns, kept", typeof(T), b => [[b, 3]], i => apply(i[0], 0, true), (_, x) => x[0].Fold(0, true, meaning)),
        new($"{name} of the middle axis", typeof(T), b => [[b, 3, 2]], i => apply(i[0], 1, false), (_, x) => x[0].Fold(1, false, meaning)),
        new($"{name} of the middle axis, kept", typeof(T), b => [[b, 3, 2]], i => apply(i[0], -2, true), (_, x) => x[0].Fold(1, true, meaning)),
        new($"{name} of all", typeof(T), b => [[b, 3]], i => applyToAll(i[0]), (_, x) => x[0].FoldAll(meaning)),
    ];

    private static double NormalDistribution(double x)
    {
        // Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …)
        double term = x, sum = x;
        for (var i = 1; i < 200; i++)
        {
            term *= x * x / ((2 * i) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    private static double MeanOf(Indices lists, int row, Func<int, double> value)
    {
        var list = lists.Values[lists.Offsets.Span[row]..lists.Offsets.Span[row + 1]].ToArray();
        return list.Length == 0 ? 0 : list.Average(value);
    }

    private static double SumOf(Indices lists, int row, Func<int, double> value) =>
        lists.Values[lists.Offsets.Span[row]..lists.Offsets.Span[row + 1]].ToArray().Sum(value);

    private static NdArray Beside(NdArray[] arrays, int axis)
    {
        var shape = (int[])arrays[0].Shape.Clone();
        shape[axis] = arrays.Sum(array => array.Shape[axis]);
        return NdArray.Fill(shape, position =>
        {
            var place = (int[])position.Clone();
            var which = 0;
            for (; place[axis] >= arrays[which].Shape[axis]; which++)
            {
                place[axis] -= arrays[which].Shape[axis];
            }

            return arrays[which].At(place);
        });
    }

    private static double LogSumExp(double[] lane) => Math.Log(lane.Sum(Math.Exp));

    private static double[] Softmax(double[] lane) => [.. lane.Select(v => Math.Exp(v - LogSumExp(lane)))];

    private static double[] L2(double[] lane, double epsilon) => [.. lane.Select(v => v / Math.Sqrt(Math.Max(lane.Sum(w => w * w), epsilon)))];

    private static NdArray Norm(NdArray[] x, double epsilon = 1e-5)
    {
        var normalized = x[0].Lanes(x[0].Rank - 1, lane =>
        {
            var mean = lane.Average();
            var variance = lane.Average(v => (v - mean) * (v - mean));
            return [.. lane.Select(v => (v - mean) / Math.Sqrt(variance + epsilon))];
        });
        return NdArray.Zip(NdArray.Zip(normalized, x[1], (v, gain) => v * gain), x[2], (v, bias) => v + bias);
    }

    // Sequences of 1, 2, 3, 4, 0, 1, … rows.
    private static int[] Sequences(int rows)
    {
        var offsets = new List<int> { 0 };
        while (offsets[^1] < rows)
        {
            offsets.Add(Math.Min(rows, offsets[^1] + (offsets.Count % 5)));
        }

        return [.. offsets];
    }

    private static NdArray Attention(NdArray x, int[] offsets, int heads, AttentionDropout dropout = default)
    {
        var dimension = x.Shape[1] / 3;
        var width = dimension / heads;
        return NdArray.Fill([x.Shape[0], dimension], p =>
        {
            var (row, column) = (p[0], p[1]);
            var first = offsets.Last(offset => offset <= row);
            var head = column / width * width;
            var factors = Enumerable.Repeat(1f, row + 1 - first).ToArray();
            if (dropout.IsActive)
            {
                dropout.Draw(row, column / width, heads, factors);
            }

            var weights = Softmax([.. Enumerable.Range(first, row + 1 - first).Select(
                other => Enumerable.Range(head, width).Sum(k => x.At(row, k) * x.At(other, dimension + k)) / Math.Sqrt(width))]);
            return weights.Select((weight, i) => factors[i] * weight * x.At(first + i, (2 * dimension) + column)).Sum();
        });
    }

    private static NdArray Recurrence(NdArray[] x, int[] offsets)
    {
        var d = x[2].Shape[0];
        var states = new NdArray(new double[x[0].Shape[0] * d], x[0].Shape[0], d);
        static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
        for (var position = 0; position < x[0].Shape[0]; position++)
        {
            double Before(int k) => offsets.Contains(position) ? 0 : states.At(position - 1, k);
            double Product(int column) => Enumerable.Range(0, d).Sum(k => Before(k) * x[1].At(k, column));
            for (var k = 0; k < d; k++)
            {
                var r = Sigmoid(x[0].At(position, k) + Product(k));
                var z = Sigmoid(x[0].At(position, d + k) + Product(d + k));
                var n = Math.Tanh(x[0].At(position, (2 * d) + k) + (r * (Product((2 * d) + k) + x[2].At(k))));
                states.Values[(position * d) + k] = ((1 - z) * n) + (z * Before(k));
            }
        }

        return states;
    }

    private static NdArray DecayedMean(NdArray x, int[] offsets, double decay) => NdArray.Fill(x.Shape, p =>
    {
        var first = offsets.Last(offset => offset <= p[0]);
        var weights = Enumerable.Range(first, p[0] + 1 - first).Select(row => Math.Pow(decay, p[0] - row)).ToArray();
        return weights.Select((weight, i) => weight * x.At(first + i, p[1])).Sum() / weights.Sum();
    });

    private static bool Chosen(CaseInputs inputs, int[] position) => inputs.Choice.Values[(position[0] * CaseInputs.ChoiceWidth) + position[1]];

    // What is dropped follows from the seed alone: ones show it.
    private static NdArray DroppedOut(CaseInputs inputs, NdArray[] x)
    {
        var kept = Tensor.Constant(Enumerable.Repeat(1f, x[0].Values.Length).ToArray(), x[0].Shape).Dropout(0.4f, seed: 9, isTraining: true);
        return NdArray.Zip(x[0], NdArray.Of(kept.Values, kept.Shape), (v, k) => k > 0 ? v / (1 - (double)0.4f) : 0);
    }

    private static Tensor SumOfSquares(CaseInputs inputs)
    {
        var gradient = Tensor.From([.. inputs[0].Values.ToArray().Select(v => 2 * v)], inputs[0].Shape);
        return Tensor.Precomputed(inputs[0].Values.ToArray().Sum(v => v * v), (inputs[0], gradient));
    }
}
