using DotRec.Autodiff;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>Writes the query side of a <see cref="HistoryNetwork"/> as an ONNX graph: a history without items has zeros.</summary>
internal abstract class HistoryExport(HistoryLayers layers, HistoryNetworkOptions options) : HistoryGraph(options.Length, options.Dimension)
{
    // Added nowhere: it takes the place of a logit that is not to be seen, and its exponential is 0 beside any that is.
    protected const float Unseen = -1e30f;

    /// <inheritdoc/>
    protected override string Embedding(NewestItems newest) => WhereAny(newest, State(newest));

    /// <summary>The state after the newest item, [batch, D]; anything where there is no item.</summary>
    protected abstract string State(NewestItems newest);

    /// <summary>[batch, k, D]: the embeddings of items times √D, features included; of an item where there is none.</summary>
    protected string Embeddings(NewestItems newest)
    {
        var items = Graph.Weight(HistoryLayers.ItemTable, layers.Inputs.Values(), layers.ItemCount, options.Dimension);
        return Node("Mul", Node("Gather", items, newest.Rows), Scalar(MathF.Sqrt(options.Dimension)));
    }

    /// <summary>x times queries (0), keys (1) or values (2) of joined weights.</summary>
    protected string Part(int part, string x, Parameter joined, Parameter bias)
    {
        var d = options.Dimension;
        var weights = new float[d * d];
        for (var row = 0; row < d; row++)
        {
            joined.Value.Values.Slice((row * 3 * d) + (part * d), d).CopyTo(weights.AsSpan(row * d));
        }

        return Add(Node("MatMul", x, Graph.Weight("projection", weights, d, d)), Graph.Weight("projection_bias", bias.Value.Values.Slice(part * d, d), d));
    }

    /// <summary>[batch]: how many items there are.</summary>
    protected string Count(NewestItems newest) =>
        Node("ReduceSum", [Node("Cast", [newest.AreItems], ("to", (long)OnnxElementType.Int64)), Integers(1)], ("keepdims", 0L));

    protected string Norm(string x, Parameter gain, Parameter bias) =>
        Node("LayerNormalization", [x, Weight(gain), Weight(bias)], ("axis", -1L), ("epsilon", HistoryLayers.NormEpsilon));

    protected string Dense(string x, Parameter weights, Parameter bias) => Add(Node("MatMul", x, Weight(weights)), Weight(bias));

    protected string Weight(Parameter parameter) =>
        Graph.Weight(parameter.Name, parameter.Value.Values, [.. parameter.Value.Shape.ToArray().Select(size => (long)size)]);
}
