using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>
/// TFRS' grid of its experimental ranking model: interactions, bottom and top layers, dense features beside the interaction, sample weights, kinds of
/// tables. TFRS asserts that a loss and an accuracy come back; here the loss also falls, and the exported model gives the same numbers.
/// </summary>
public class RankingGridTests
{
    private const int Rows = 64, Width = 16;

    private static readonly FeatureBatch Data = Made();

    // In place of TFRS' threshold, which puts tables on one device or another by their size, stand kinds of tables; each case has four variants.
    public static TheoryData<bool, bool, bool, string> Cases => new(
        from isDot in new[] { true, false }
        from smallBottom in new[] { true, false }
        from smallTop in new[] { true, false }
        from tables in new[] { "own", "shared", "quotient-remainder" }
        select (isDot, smallBottom, smallTop, tables));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_model_learns_reports_and_is_exported(bool isDot, bool smallBottom, bool smallTop, string tables)
    {
        foreach (var concatenatesDense in new[] { true, false })
        {
            foreach (var weights in new[] { "weight", null })
            {
                var network = new Network(FieldsWith(tables), isDot, smallBottom ? [40, Width] : [256, 64, Width], smallTop ? [40, 20, 1] : [512, 256, 1], concatenatesDense);
                var model = new RankingModel(network, "label") { SampleWeightColumn = weights };
                model.Begin(new EncodedData(Data), seed: 1);
                var before = model.Evaluate(Data, cancellation: TestContext.Current.CancellationToken);

                model.Fit(Data, new FitOptions { Epochs = 2, BatchSize = 16, Optimizer = new Adam(0.005) }, TestContext.Current.CancellationToken);

                var after = model.Evaluate(Data, cancellation: TestContext.Current.CancellationToken);
                Assert.True(double.IsFinite(after.Loss) && after.Loss < before.Loss, $"from {before.Loss} to {after.Loss}");
                Assert.Subset(after.Metrics.Keys.ToHashSet(), new HashSet<string> { "loss", "accuracy", "auc" });
                using var session = new OnnxSession(model.Export());
                Assert.All(model.Predict(Data).Zip(session.Embed(Data)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            }
        }
    }

    private static Field[] FieldsWith(string tables)
    {
        var shared = new Embedding(Width);
        Field Sparse(string name) => tables switch
        {
            "own" => new Field(name, new IntegerLookup(name, Data), new Embedding(Width)),
            "shared" => new Field(name, new Hashing(name, Data, 60), shared),
            _ => new Field(name, new IntegerLookup(name, Data), new QuotientRemainderEmbedding(Width)),
        };
        return [.. new[] { "a", "b", "c" }.Select(Sparse), .. Enumerable.Range(0, 8).Select(i => new Field($"d{i}", new Numeric($"d{i}", Data)))];
    }

    private static FeatureBatch Made()
    {
        var random = new SeededRandom(5);
        Column<long> Ids(string name, int count) => new(name, [.. Enumerable.Range(0, Rows).Select(_ => (long)random.NextInt(count))]);
        return new FeatureBatch([
            Ids("a", 30),
            Ids("b", 3),
            Ids("c", 26),
            .. Enumerable.Range(0, 8).Select(i => new Column<float>($"d{i}", [.. Enumerable.Range(0, Rows).Select(_ => random.NextSingle())])),
            new Column<float>("label", [.. Enumerable.Range(0, Rows).Select(_ => (float)random.NextInt(2))]),
            new Column<float>("weight", [.. Enumerable.Range(0, Rows).Select(_ => random.NextSingle())])]);
    }

    /// <summary>TFRS' model: tables and a bottom MLP, an interaction, a top MLP.</summary>
    private sealed class Network : RankingNetwork
    {
        private readonly Mlp _bottom, _top;
        private readonly DotInteraction? _dot;
        private readonly Cross? _cross;
        private readonly bool _concatenatesDense;

        public Network(IReadOnlyList<Field> fields, bool isDot, int[] bottom, int[] top, bool concatenatesDense)
            : base(fields)
        {
            _bottom = Use(new Mlp(bottom, finalActivation: ActivationFunction.Relu));
            _dot = isDot ? Use(new DotInteraction()) : null;
            _cross = isDot ? null : Use(new Cross());
            _top = Use(new Mlp(top));
            _concatenatesDense = concatenatesDense;
        }

        protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context)
        {
            var dense = _bottom.Call(Tensor.Concatenate([.. features.Skip(3)]), context);
            Tensor[] vectors = [.. features.Take(3), dense];
            var interaction = _dot?.Call(vectors, context) ?? _cross!.Call(Tensor.Concatenate(vectors), context);
            return _top.Call(_concatenatesDense ? Tensor.Concatenate([dense, interaction]) : interaction, context);
        }
    }
}
