using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class TowerTests
{
    private static readonly FeatureBatch Data = Rows(40);

    public static TheoryData<string> Layers =>
        ["Embedding", "Jagged", "Dense", "Relu", "Sigmoid", "Tanh", "Gelu", "Swish", "L2Normalize", "Dropout", "IdDropout", "Concatenate", "Custom", "Text", "Bias"];

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_exported_tower_equals_the_trained_one(string name)
    {
        var tower = Make(name);
        Randomize(tower);
        using var session = new OnnxSession(tower.Export());

        foreach (var rows in new[] { 1, 7, 40 })
        {
            // Unknown ids and empty lists included.
            var batch = Data.Select(Enumerable.Range(40 - rows, rows).ToArray());
            var expected = tower.Embed(batch);
            Assert.Equal(rows * tower.Dimension, expected.Length);
            Assert.All(expected.Zip(session.Embed(batch)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void The_exported_model_names_its_inputs_and_outputs()
    {
        var model = Make("Embedding").Export();

        Assert.Equal("user_id", Assert.Single(model.Inputs).Name);
        Assert.Equal(["embedding", "user_id_known"], model.Outputs.Select(output => output.Name));
        Assert.Equal(["batch", "4"], model.Outputs[0].Shape);
        Assert.Equal(["batch"], model.Outputs[1].Shape);
    }

    [Fact]
    public void A_layer_that_cannot_be_exported_is_named()
    {
        var tower = new Tower(new StringLookup("user_id", Data), new Embedding(4), new Dense(3), new OutsideTensors());

        var message = Assert.Throws<NotSupportedException>(() => tower.Export()).Message;

        Assert.StartsWith("Layer tower/3.OutsideTensors cannot be exported to ONNX", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embedding_in_blocks_gives_the_same_as_row_by_row()
    {
        var tower = Make("Concatenate");
        var many = Data.Select(Enumerable.Range(0, 20_000).Select(i => i % 40).ToArray());

        var all = tower.Embed(many);

        foreach (var row in new[] { 0, 8191, 8192, 19_999 })
        {
            var one = tower.Embed(many.Select([row]));
            Assert.All(one.Zip(all.Skip(row * tower.Dimension)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Fact]
    public void First_weights_are_keras_uniform_and_depend_on_the_place_not_on_chance()
    {
        var (first, second) = (Make("Dense"), Make("Dense"));

        Assert.Equal(first.Embed(Data), second.Embed(Data));
        var table = first.Parameters[0].Value.Values.ToArray();
        Assert.All(table, weight => Assert.InRange(weight, -0.05f, 0.05f));
        Assert.InRange(table.Max() - table.Min(), 0.08f, 0.1f);
        Assert.Equal(["tower/1.Embedding/table", "tower/2.Dense/kernel", "tower/2.Dense/bias"], first.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(0f, first.Parameters[2].Value.Values[0]);
    }

    [Fact]
    public void Layers_that_do_not_fit_together_are_named_with_a_remedy()
    {
        Assert.Contains("takes numbers but is given category numbers. Put an Embedding", Misuse(new StringLookup("user_id", Data), new Dense(2)), StringComparison.Ordinal);
        Assert.Contains("Begin the tower with a preprocessing layer", Misuse2(new Tower(new Embedding(2)), Data), StringComparison.Ordinal);
        Assert.Contains("must come first", Misuse(new StringLookup("user_id", Data), new Embedding(2), new StringLookup("user_id", Data)), StringComparison.Ordinal);
        Assert.Contains("takes category numbers but is given numbers", Misuse(new Normalization("age", Data), new Embedding(2)), StringComparison.Ordinal);
        Assert.Contains("ends in category numbers", Misuse(new StringLookup("user_id", Data)), StringComparison.Ordinal);
        Assert.Contains("Branch 0", Misuse(new Concatenate([new StringLookup("user_id", Data)])), StringComparison.Ordinal);
        var shared = new Embedding(2);
        Assert.Contains("was built for a vocabulary of size", Misuse(new Concatenate([new StringLookup("user_id", Data), shared], [new StringLookup("genres", Data), shared])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_used_twice_shares_its_weights()
    {
        var shared = new Embedding(3);
        var tower = new Tower(new Concatenate([new StringLookup("user_id", Data), shared], [new StringLookup("user_id", Data), shared]));

        var embedding = tower.Embed(Data.Select([3]));

        Assert.Single(tower.Parameters);
        Assert.Equal(embedding[..3], embedding[3..]);
    }

    [Fact]
    public void The_summary_counts_the_weights() =>
        Assert.Equal(
            "tower: user_id: String -> [3]\n  'tower/1.Embedding/table' [41, 4] 164\n  'tower/2.Dense/kernel' [4, 3] 12\n  'tower/2.Dense/bias' [3] 3\n  179 weights",
            Make("Dense").Summary().ReplaceLineEndings("\n"));

    private static string Misuse(params Layer[] layers) => Misuse2(new Tower(layers), Data);

    private static string Misuse2(Tower tower, FeatureBatch data) =>
        Assert.Throws<InvalidOperationException>(() => tower.Forward(Batch.Of(data))).Message;

    private static Tower Make(string name) => name switch
    {
        "Embedding" => new Tower(new StringLookup("user_id", Data), new Embedding(4)),
        "Jagged" => new Tower(new StringLookup("genres", Data), new Embedding(4)),
        "Text" => new Tower(new TextVectorization("title", Data), new Embedding(4), new Dense(2)),
        "Dense" => new Tower(new StringLookup("user_id", Data), new Embedding(4), new Dense(3)),
        "L2Normalize" => new Tower(new StringLookup("user_id", Data), new Embedding(4), new L2Normalize()),
        "Dropout" => new Tower(new StringLookup("user_id", Data), new Embedding(4), new Dropout(0.5), new Dense(3, useBias: false)),
        "IdDropout" => new Tower(new StringLookup("user_id", Data), new IdDropout(0.5), new Embedding(4)),
        "Bias" => new Tower(new StringLookup("user_id", Data), new Embedding(4), new Sequential(new Bias(), new Dense(3))),
        "Custom" => new Tower(new StringLookup("user_id", Data), new Embedding(4), new Gate()),
        "Concatenate" => new Tower(
            new Concatenate([new StringLookup("user_id", Data), new Embedding(5)], [new StringLookup("genres", Data), new Embedding(3)], [new Normalization("age", Data)]),
            new Dense(8, ActivationFunction.Relu),
            new Dense(4)),
        _ => new Tower(new Normalization("age", Data), new Dense(6, Enum.Parse<ActivationFunction>(name)), new Activation(Enum.Parse<ActivationFunction>(name))),
    };

    private static void Randomize(Tower tower)
    {
        var random = new SeededRandom(8);
        foreach (var parameter in tower.Parameters)
        {
            foreach (ref var weight in parameter.Value.WritableValues())
            {
                weight = (float)random.NextNormal();
            }
        }
    }

    private static FeatureBatch Rows(int count)
    {
        string[] genres = ["Drama", "Comedy", "War"];
        int[] offsets = [0, .. Enumerable.Range(1, count).Select(row => row * (row - 1) / 2 % 3).Aggregate(new List<int>(), (sums, length) => [.. sums, length + sums.LastOrDefault()])];
        return new FeatureBatch(
            new Column<string>("user_id", [.. Enumerable.Range(0, count).Select(row => $"u{row}")]),
            new Column<float>("age", [.. Enumerable.Range(0, count).Select(row => (float)(row * 7 % 31))]),
            new Column<string>("title", [.. Enumerable.Range(0, count).Select(row => row % 5 == 0 ? "" : $"The {row % 4} Men, Part {row % 7}")]),
            new Column<string>("genres", [.. Enumerable.Range(0, offsets[^1]).Select(i => genres[i % 3])], offsets));
    }

    /// <summary>A layer as a user writes it: a learned gate.</summary>
    private sealed class Gate : TensorLayer
    {
        private readonly Dense _gate;
        private Parameter? _scale;

        public Gate() => _gate = Use(new Dense(4, ActivationFunction.Sigmoid));

        protected override void Build(int inputWidth) => _scale = AddParameter("scale", Initializer.Ones, inputWidth);

        protected override Tensor Forward(Tensor input, ForwardContext context) => (_gate.Call(input, context) * input * _scale!) + input;
    }

    private sealed class OutsideTensors : TensorLayer
    {
        protected override Tensor Forward(Tensor input, ForwardContext context) => Tensor.From(input.Values, input.Shape);
    }
}
