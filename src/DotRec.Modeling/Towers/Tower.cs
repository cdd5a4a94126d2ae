using System.Globalization;
using System.Text;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>Layers that turn rows of raw features into embeddings: one side of a two-tower model.</summary>
/// <example><code>var tower = new Tower(new StringLookup("user_id", data), new Embedding(32));</code></example>
public sealed class Tower
{
    private const int BlockRows = 8192;
    private readonly Sequential _layers;
    private int _dimension;

    /// <summary>Makes a tower; the first layer reads raw features (preprocessing, or <see cref="Concatenate"/> of branches that begin with it).</summary>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public Tower(params IReadOnlyList<Layer> layers)
    {
        _layers = new Sequential(layers);
        Place("tower", new SeededRandom(0));
    }

    /// <summary>Name in messages and in the names of parameters; given by the model the tower belongs to.</summary>
    public string Name { get; private set; } = "tower";

    /// <summary>The raw columns the tower reads.</summary>
    /// <exception cref="InvalidOperationException">A preprocessing layer is not adapted.</exception>
    public IReadOnlyList<ColumnSchema> Inputs => [.. Preprocessing.SelectMany(layer => layer.Inputs).Distinct()];

    /// <summary>The preprocessing layers, in order.</summary>
    public IReadOnlyList<PreprocessingLayer> Preprocessing => [.. Leaves(_layers).Distinct()];

    /// <summary>The trainable parameters, each once. They are made when the tower meets its first batch.</summary>
    public IReadOnlyList<Parameter> Parameters
    {
        get
        {
            EnsureBuilt();
            return [.. _layers.Parameters.Distinct()];
        }
    }

    /// <summary>Embedding width, D.</summary>
    public int Dimension
    {
        get
        {
            EnsureBuilt();
            return _dimension;
        }
    }

    internal Layer Layers => _layers;

    /// <summary>True once the parameters exist.</summary>
    internal bool IsBuilt => _dimension > 0;

    /// <summary>True when the same rows can give different embeddings in training.</summary>
    internal bool IsRandom => _layers.IsRandom;

    /// <summary>The embeddings of a batch, shape [B, D] (or [B, H, D] from a layer that gives several vectors), recorded for gradients.</summary>
    /// <exception cref="InvalidOperationException">The layers do not fit together; the message names the one that is given what it cannot take.</exception>
    public Tensor Forward(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var output = _layers.Apply(Signal.Of(batch), batch.Context);
        var embedding = output.Numbers ?? throw new InvalidOperationException(
            $"Tower '{Name}' ends in {output.Describe()}; a tower ends in numbers. {output.Remedy()}");
        _dimension = embedding.Shape[^1];
        return embedding;
    }

    /// <summary>The embeddings of all rows, shape [rows, D], row-major; computed in blocks, without gradients, as the served tower computes them.</summary>
    public float[] Embed(FeatureBatch features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Embed(new EncodedData(features));
    }

    /// <summary>
    /// The tower as an ONNX model: raw features in, the output "embedding" of shape [batch, D], preprocessing included. Beside it, for each
    /// lookup of a column with one value a row, the boolean output "column_known" of shape [batch]: false for values out of vocabulary.
    /// </summary>
    /// <remarks>Every call traces and writes the model anew: keep the result where it is used twice.</remarks>
    /// <exception cref="NotSupportedException">A layer has no ONNX form; the message names it.</exception>
    /// <example><code>OnnxModel model = new Tower(new StringLookup("user_id", data), new Embedding(32)).Export();</code></example>
    public OnnxModel Export() => Trace((export, embedding) => export.FinishEmbedding(embedding, _dimension));

    /// <summary>The tower as an ONNX model whose output is "score", a probability where the tower gives its logit.</summary>
    internal OnnxModel ExportScore(bool isLogit, LabelScale scale) => Trace((export, score) => export.FinishScore(score, isLogit, scale));

    /// <summary>The parameters with their shapes and the number of weights, one line each.</summary>
    public string Summary()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{Name}: {string.Join(", ", Inputs)} -> [{Dimension}]");
        long total = 0;
        foreach (var parameter in Parameters)
        {
            total += parameter.Value.Length;
            text.AppendLine(CultureInfo.InvariantCulture, $"  {parameter} {parameter.Value.Length:N0}");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  {total:N0} weights").ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The embeddings of rows that are encoded already, or once for all blocks.</summary>
    internal float[] Embed(EncodedData data, int blockRows = BlockRows, CancellationToken cancellationToken = default)
    {
        EnsureBuilt();
        return RowBlocks.Compute(data, OneVectorEach, blockRows, cancellationToken);

        Tensor OneVectorEach(Batch batch)
        {
            var block = Forward(batch);
            return block.Rank == 2
                ? block
                : throw new InvalidOperationException($"Tower '{Name}' gives several vectors a row ({block}); an embedding is one vector a row.");
        }
    }

    /// <summary>Gives the tower its name and its layers their places and first weights; without effect on layers that have weights.</summary>
    internal void Place(string name, SeededRandom random)
    {
        Name = name;
        _layers.Place(name, random);
    }

    /// <summary>Makes the parameters, by a pass over made-up rows.</summary>
    internal void EnsureBuilt()
    {
        if (!IsBuilt)
        {
            using var scope = TensorScope.Begin();
            using var gradients = Gradients.Off();
            Forward(Batch.Of(TowerExport.Sample(Inputs)));
        }
    }

    private OnnxModel Trace(Func<TowerExport, string, OnnxModel> finish)
    {
        EnsureBuilt();
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        using var export = new TowerExport(Name);
        var sample = Batch.Of(TowerExport.Sample(Inputs)).With(ForwardContext.Tracing(export));
        return finish(export, export.Emit(_layers, Forward(sample)));
    }

    private static IEnumerable<PreprocessingLayer> Leaves(Layer layer) =>
        layer is PreprocessingInput input ? [input.Preprocessing] : layer.Children.SelectMany(Leaves);
}
