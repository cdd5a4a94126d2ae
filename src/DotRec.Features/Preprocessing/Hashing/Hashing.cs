using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Features;

/// <summary>Gives every value one of a fixed number of bins by a salted hash: no vocabulary, no unknown values, but values may share a bin.</summary>
/// <remarks>
/// bin = MurmurHash3_x86_32(value, seed: salt) mod bins, over the UTF-8 bytes of a string or the 8 bytes, lowest first, of an integer.
/// Reads a column of strings or integers, or of lists of them. ONNX: MurmurHash3 (com.microsoft), Cast, Mod.
/// Differs: Keras uses FarmHash64, and SipHash64 when salted, so its bins are others.
/// </remarks>
public sealed class Hashing : PreprocessingLayer
{
    /// <summary>Values a part of a parallel run handles.</summary>
    private const int PartLength = 16384;

    private InputColumn _input;
    private HashBins _bins;

    /// <summary>A layer that takes the type of its column from the data it is adapted to.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="salt">Another salt gives other, independent bins.</param>
    /// <exception cref="ArgumentOutOfRangeException">bins is below 1.</exception>
    public Hashing(string column, int bins, uint salt = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(nameof(Hashing), column, listsAllowed: true, ColumnType.String, ColumnType.Int64);
        _bins = HashBins.Checked(bins, salt, _input.Label);
    }

    /// <summary>A layer for a column of the type it has in the data.</summary>
    /// <inheritdoc cref="Hashing(string, int, uint)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public Hashing(string column, FeatureBatch data, int bins, uint salt = 0)
        : this(column, bins, salt) => Adapt(data);

    /// <summary>A layer for a column of a given type.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="type"><see cref="ColumnType.String"/> or <see cref="ColumnType.Int64"/>.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="salt">Another salt gives other, independent bins.</param>
    /// <param name="isJagged">True when a row holds a list of values.</param>
    /// <exception cref="ArgumentException">The type is another, or bins is below 1.</exception>
    public Hashing(string column, ColumnType type, int bins, uint salt = 0, bool isJagged = false)
        : this(column, bins, salt) => _input.Declare(type, isJagged);

    /// <summary>Number of bins.</summary>
    public int Bins => _bins.Count;

    /// <summary>The seed of the hash.</summary>
    public uint Salt => _bins.Salt;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => EncodedSchema.Ids(Bins, _input.Schema.IsJagged);

    /// <inheritdoc/>
    public override bool IsAdapted => _input.IsKnown;

    /// <summary>Takes the type of the column; there is nothing else to learn.</summary>
    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data) => _input.Learn(_input.Inspect(data));

    /// <inheritdoc/>
    public override EncodedIds Encode(FeatureBatch batch) => _input.Read(batch) switch
    {
        Column<string> texts => Bin(texts, static (bins, text) => bins.BinOf(text)),
        var integers => Bin((Column<long>)integers, static (bins, integer) => bins.BinOf(integer)),
    };

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var column = inputs.Column(_input.Schema);
        return column with { Values = _bins.Emit(inputs.Graph, column.Values) };
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        state["bins"] = Bins;
        state["salt"] = Salt;
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        _bins = HashBins.Checked(LayerState.Value<int>(state, "bins"), LayerState.Value<uint>(state, "salt"), input.Label);
        _input = input;
    });

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{_input.Label}: {Bins:N0} bins, salt {Salt}");

    private EncodedIds Bin<T>(Column<T> column, Func<HashBins, T, int> binOf)
        where T : notnull
    {
        var bins = _bins;
        var ids = GC.AllocateUninitializedArray<int>(column.Values.Length);
        Parallelism.ForRanges(ids.Length, PartLength, (start, end) =>
        {
            var values = column.Values;
            for (var i = start; i < end; i++)
            {
                ids[i] = binOf(bins, values[i]);
            }
        });
        return column.Schema.IsJagged ? new EncodedIds(ids, column.Offsets.ToArray(), bins.Count) : new EncodedIds(ids, bins.Count);
    }
}
