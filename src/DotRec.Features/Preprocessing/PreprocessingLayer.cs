using System.Text.Json.Nodes;

namespace DotRec.Features;

/// <summary>
/// Turns raw columns into category numbers or real numbers. It has a training form, <see cref="Encode"/>, and an ONNX form,
/// <see cref="Emit"/>; a test holds both to the same answers, so a served model cannot disagree with the trained one.
/// </summary>
public abstract class PreprocessingLayer
{
    /// <summary>The raw columns the layer reads, known once it is adapted.</summary>
    public abstract IReadOnlyList<ColumnSchema> Inputs { get; }

    /// <summary>False until <see cref="Adapt"/> has seen data; a layer that needs none is always adapted.</summary>
    public abstract bool IsAdapted { get; }

    /// <summary>Learns the layer's state (a vocabulary, a mean, boundaries) from data, as Keras' adapt. Forgets an earlier state.</summary>
    public abstract void Adapt(FeatureBatch data);

    /// <summary>The training form.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public abstract EncodedColumn Encode(FeatureBatch batch);

    /// <summary>The ONNX form: adds nodes to the graph of <paramref name="inputs"/> and returns the result as a column of that graph.</summary>
    /// <returns>Int64 category numbers or float32 numbers of shape [batch, width].</returns>
    public abstract OnnxColumn Emit(OnnxInputs inputs);

    /// <summary>Configuration and learned state as JSON, enough for <see cref="ReadState"/> to restore the layer.</summary>
    public abstract JsonObject WriteState();

    /// <summary>Restores what <see cref="WriteState"/> wrote.</summary>
    public abstract void ReadState(JsonObject state);
}
