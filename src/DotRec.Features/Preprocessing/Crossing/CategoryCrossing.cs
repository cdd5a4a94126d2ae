using System.Numerics;
using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Features;

/// <summary>Makes one category of every combination of two or more categories, or hashes the combinations into bins.</summary>
/// <remarks>
/// The layers crossed give one category number a row each: lookups, bins of numbers, hashes. The full cross numbers the combinations like
/// digits: ((first · |second|) + second) · |third| + third …; its cardinality is the product of theirs. With <see cref="Bins"/> the
/// combination's number is hashed: MurmurHash3_x86_32(8 bytes, lowest first, seed: salt) mod bins.
/// ONNX: the layers' own nodes, Mul, Add; hashed, also MurmurHash3 (com.microsoft), Cast, Mod.
/// Differs: Keras' HashedCrossing joins the values as text and hashes that; its bins are others.
/// </remarks>
public sealed class CategoryCrossing : PreprocessingLayer
{
    private PreprocessingLayer[] _layers;
    private HashBins? _bins;

    /// <summary>A cross of layers, adapted or not.</summary>
    /// <param name="layers">Two layers or more, each giving one category number a row.</param>
    /// <param name="bins">Number of bins to hash the combinations into; null for the full cross.</param>
    /// <param name="salt">Another salt gives other, independent bins.</param>
    /// <exception cref="ArgumentException">There are fewer than two layers, one gives lists or real numbers, bins is below 1, or there are too many combinations.</exception>
    public CategoryCrossing(IReadOnlyList<PreprocessingLayer> layers, int? bins = null, uint salt = 0)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = [.. layers];
        _bins = bins is { } count ? HashBins.Checked(count, salt, Label(_layers)) : null;
        Check(_layers, _bins);
    }

    /// <summary>A cross of layers, each adapted to data.</summary>
    /// <inheritdoc cref="CategoryCrossing(IReadOnlyList{PreprocessingLayer}, int?, uint)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public CategoryCrossing(IReadOnlyList<PreprocessingLayer> layers, FeatureBatch data, int? bins = null, uint salt = 0)
        : this(layers, bins, salt) => Adapt(data);

    private CategoryCrossing() => _layers = [];

    /// <summary>The layers crossed.</summary>
    public IReadOnlyList<PreprocessingLayer> Layers => _layers;

    /// <summary>Number of bins the combinations are hashed into; null for the full cross.</summary>
    public int? Bins => _bins?.Count;

    /// <summary>Seed of the hash; 0 for the full cross.</summary>
    public uint Salt => _bins?.Salt ?? 0;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [.. _layers.SelectMany(layer => layer.Inputs).Distinct()];

    /// <inheritdoc/>
    public override bool IsAdapted => _layers.All(layer => layer.IsAdapted);

    /// <inheritdoc/>
    public override EncodedSchema Output => EncodedSchema.Ids(_bins?.Count ?? (int)Combinations(_layers));

    /// <summary>The sum over the layers crossed that have a vocabulary.</summary>
    public override OovStatistics? EncodeStatistics
    {
        get
        {
            var known = _layers.Select(layer => layer.EncodeStatistics).OfType<OovStatistics>().ToArray();
            return known.Length == 0 ? null : new OovStatistics(known.Sum(one => one.Values), known.Sum(one => one.OutOfVocabulary));
        }
    }

    /// <summary>Adapts the layers crossed, one after another.</summary>
    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data)
    {
        foreach (var layer in _layers)
        {
            layer.Adapt(data);
        }

        Check(_layers, _bins);
    }

    /// <inheritdoc/>
    public override EncodedIds Encode(FeatureBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Check(_layers, _bins);
        var combinations = new long[batch.RowCount];
        foreach (var layer in _layers)
        {
            var column = (EncodedIds)layer.Encode(batch);
            var categories = column.Values.Span;
            for (var row = 0; row < combinations.Length; row++)
            {
                combinations[row] = (combinations[row] * column.Cardinality) + categories[row];
            }
        }

        var ids = _bins is { } bins
            ? Array.ConvertAll(combinations, combination => bins.BinOf(combination))
            : Array.ConvertAll(combinations, combination => (int)combination);
        return new EncodedIds(ids, Output.Cardinality!.Value);
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Check(_layers, _bins);
        var graph = inputs.Graph;
        var combination = _layers[0].Emit(inputs).Values;
        foreach (var layer in _layers.AsSpan(1))
        {
            var shifted = graph.Node("Mul", [combination, graph.Weight("cardinality", [(long)layer.Output.Cardinality!.Value])]);
            combination = graph.Node("Add", [shifted, layer.Emit(inputs).Values]);
        }

        return new OnnxColumn(_bins?.Emit(graph, combination) ?? combination);
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        state["bins"] = Bins;
        state["salt"] = Salt;
        state["layers"] = new JsonArray([.. _layers.Select(layer => layer.WriteState())]);
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var layers = Array.ConvertAll(LayerState.Values<JsonObject>(state, "layers") ?? [], FromState);
        var salt = LayerState.Value<uint>(state, "salt");
        HashBins? bins = LayerState.Optional<int?>(state, "bins") is { } count ? HashBins.Checked(count, salt, Label(layers)) : null;
        Check(layers, bins);
        (_layers, _bins) = (layers, bins);
    });

    /// <inheritdoc/>
    public override string ToString() => !IsAdapted
        ? $"{Label(_layers)}: not adapted"
        : FormattableString.Invariant($"{Label(_layers)}: {(_bins is { } bins ? $"{bins.Count:N0} bins, salt {bins.Salt}" : $"{Output.Cardinality:N0} combinations")}");

    /// <summary>A cross only to read a state into.</summary>
    internal static CategoryCrossing Unread() => new();

    private static string Label(PreprocessingLayer[] layers) => $"CategoryCrossing({string.Join(" × ", layers.Select(NameOf))})";

    /// <summary>The layer as its own text starts, without what it learned.</summary>
    private static string NameOf(PreprocessingLayer layer) => layer.ToString() is { } text && text.LastIndexOf("): ", StringComparison.Ordinal) is >= 0 and var end
        ? text[..(end + 1)]
        : layer.GetType().Name;

    private static BigInteger Combinations(PreprocessingLayer[] layers) =>
        layers.Aggregate(BigInteger.One, (product, layer) => product * layer.Output.Cardinality!.Value);

    /// <summary>Refuses what cannot be crossed; layers not adapted yet are looked at later.</summary>
    private static void Check(PreprocessingLayer[] layers, HashBins? bins)
    {
        if (layers.Length < 2)
        {
            throw new ArgumentException($"{Label(layers)} has {layers.Length} layers to cross; at least 2 are needed.", nameof(layers));
        }

        foreach (var layer in layers.Where(layer => layer.IsAdapted))
        {
            if (layer.Output.Cardinality is null || layer.Output.IsJagged)
            {
                throw new ArgumentException(
                    $"{Label(layers)} crosses one category a row, but {layer} gives {layer.Output}. {(layer.Output.IsJagged ? "Lists cannot be crossed." : "Use Discretization first.")}",
                    nameof(layers));
            }
        }

        if (!layers.All(layer => layer.IsAdapted))
        {
            return;
        }

        var most = bins is null ? int.MaxValue : long.MaxValue;
        if (Combinations(layers) > most)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{Label(layers)} has {Combinations(layers):N0} combinations; at most {most:N0} can be {(bins is null ? "numbered. Give bins to hash them" : "hashed. Cross fewer or smaller layers")}."),
                nameof(layers));
        }
    }
}
