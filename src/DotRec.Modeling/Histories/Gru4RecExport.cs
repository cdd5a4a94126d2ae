using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Writes the query side of a <see cref="Gru4Rec"/> as an ONNX graph: ONNX' own GRU, backwards over items that stand newest first.</summary>
internal sealed class Gru4RecExport(Gru4RecLayers layers, Gru4RecOptions options) : HistoryExport(layers, options)
{
    // ONNX has the update gate before the reset gate.
    private static readonly int[] OnnxGates = [1, 0, 2];

    /// <inheritdoc/>
    protected override string State(NewestItems newest)
    {
        var lengths = Node("Cast", [Node("Max", Count(newest), Integers(1))], ("to", (long)Onnx.OnnxElementType.Int32));
        var x = Node("Transpose", [Embeddings(newest)], ("perm", new long[] { 1, 0, 2 }));
        var state = "";
        foreach (var layer in layers.Layers)
        {
            // [k, 1, batch, D]: all states, and [1, batch, D]: the last one, that of the newest item.
            var outputs = Graph.Node(
                "GRU", "", [x, Gates(layer.Inputs), Gates(layer.States), Biases(layer), lengths], 2, ("hidden_size", (long)options.Dimension), ("linear_before_reset", 1L), ("direction", "reverse"));
            x = Node("Squeeze", outputs[0], Integers(1));
            state = Node("Squeeze", outputs[1], Integers(0));
        }

        return Norm(state, layers.Gain, layers.Bias);
    }

    // [D, 3·D] to [1, 3·D, D].
    private string Gates(Parameter weights)
    {
        var d = options.Dimension;
        var gates = new float[3 * d * d];
        for (var gate = 0; gate < 3; gate++)
        {
            for (var row = 0; row < d; row++)
            {
                for (var column = 0; column < d; column++)
                {
                    gates[(((gate * d) + row) * d) + column] = weights.Value.Values[(column * 3 * d) + (OnnxGates[gate] * d) + row];
                }
            }
        }

        return Graph.Weight(weights.Name, gates, 1, 3 * d, d);
    }

    // [1, 6·D]: those of the inputs, then those of the states.
    private string Biases(Gru4RecLayers.Layer layer)
    {
        var d = options.Dimension;
        var biases = new float[6 * d];
        for (var gate = 0; gate < 3; gate++)
        {
            layer.InputBias.Value.Values.Slice(OnnxGates[gate] * d, d).CopyTo(biases.AsSpan(gate * d));
        }

        layer.StateBias.Value.Values.CopyTo(biases.AsSpan(5 * d));
        return Graph.Weight(layer.InputBias.Name, biases, 1, 6 * d);
    }
}
