using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Features;

/// <summary>
/// Turns raw columns into category numbers or real numbers. It has a training form, <see cref="Encode"/>, and an ONNX form,
/// <see cref="Emit"/>; a test holds both to the same answers, so a served model cannot disagree with the trained one.
/// </summary>
/// <remarks>
/// <see cref="Encode"/> and <see cref="Emit"/> may run on several threads at once; <see cref="Adapt"/> and <see cref="ReadState"/> may not
/// run beside anything else. Text is compared and hashed as UTF-8: an unpaired surrogate counts as U+FFFD, a null string as the empty one.
/// </remarks>
public abstract class PreprocessingLayer
{
    /// <summary>The raw columns the layer reads, known once it is adapted.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public abstract IReadOnlyList<ColumnSchema> Inputs { get; }

    /// <summary>False until the layer has learned what it needs from data, or was given it; the type of its column is part of that.</summary>
    public abstract bool IsAdapted { get; }

    /// <summary>What the layer gives a row, known once it is adapted.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public abstract EncodedSchema Output { get; }

    /// <summary>
    /// What the last call of <see cref="Encode"/> met that the layer's vocabulary lacks; null for a layer without a vocabulary and before
    /// the first call. Of calls on several threads, the one that ended last is reported.
    /// </summary>
    public virtual OovStatistics? EncodeStatistics => null;

    /// <summary>Learns the layer's state (a vocabulary, a mean, boundaries) from data, as Keras' adapt, and forgets what it had learned before.</summary>
    /// <remarks>What was given to the constructor instead of being learned stays; then only the type of the column is taken from the data.</remarks>
    /// <exception cref="ArgumentException">The data lack the column, hold it with a type the layer cannot read, or have no rows.</exception>
    public abstract void Adapt(FeatureBatch data);

    /// <summary>The training form.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    /// <exception cref="ArgumentException">The batch lacks the column, or a value of it does not fit the type that the layer was adapted to: see <see cref="Column.ConvertTo"/>.</exception>
    public abstract EncodedColumn Encode(FeatureBatch batch);

    /// <summary>The ONNX form: adds nodes to the graph of <paramref name="inputs"/> and returns the result as a column of that graph.</summary>
    /// <returns>Int64 category numbers of shape [batch] (lists: [batch, padded], with lengths) or float32 numbers of shape [batch, width].</returns>
    /// <remarks>The batch has at least one row when the graph runs. Padding is any category number of the layer's, so it can be gathered before it is masked.</remarks>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public abstract OnnxColumn Emit(OnnxInputs inputs);

    /// <summary>Configuration and learned state as JSON, enough for <see cref="ReadState"/> to restore the layer.</summary>
    public abstract JsonObject WriteState();

    /// <summary>Restores what <see cref="WriteState"/> wrote: this layer's own configuration is replaced too.</summary>
    /// <exception cref="InvalidDataException">The state is of another layer, incomplete or not valid; the layer is unchanged.</exception>
    public abstract void ReadState(JsonObject state);

    /// <summary>A new layer from what <see cref="WriteState"/> of any layer of this library wrote.</summary>
    /// <exception cref="InvalidDataException">The state names no such layer, is incomplete or not valid.</exception>
    public static PreprocessingLayer FromState(JsonObject state)
    {
        var name = LayerState.NameOf(state);
        PreprocessingLayer layer = name switch
        {
            nameof(StringLookup) => new StringLookup(LayerState.Unread),
            nameof(IntegerLookup) => new IntegerLookup(LayerState.Unread),
            nameof(Hashing) => new Hashing(LayerState.Unread, bins: 1),
            nameof(Numeric) => new Numeric(LayerState.Unread),
            nameof(Normalization) => new Normalization(LayerState.Unread),
            nameof(Discretization) => new Discretization(LayerState.Unread, bins: 1),
            nameof(PiecewiseLinear) => new PiecewiseLinear(LayerState.Unread, LayerState.Unread + " label"),
            nameof(TextVectorization) => new TextVectorization(LayerState.Unread),
            nameof(CategoryCrossing) => CategoryCrossing.Unread(),
            _ => throw new InvalidDataException($"A layer state names the layer '{name}', which this version of DotRec does not have."),
        };
        layer.ReadState(state);
        return layer;
    }
}
