using System.Numerics.Tensors;

namespace DotRec.Modeling;

/// <summary>
/// What the cross layers of a network learned: which fields they multiply with which. Kept beside an exported model
/// (<see cref="ToBytes"/>), it explains the model where no training code is.
/// </summary>
/// <remarks>
/// <para>
/// The kernel of a low-rank layer is the product U · V, with the layer's diagonal scale added. A <see cref="CrossMixtureOfExperts"/> weighs its experts
/// by each input anew; shown is its kernel near x = 0, see <see cref="CrossMixtureOfExperts.EffectiveKernel"/>.
/// </para>
/// <para>
/// Weights tell what the model multiplies, not how much comes of it: inputs of small values need large weights, and a weight towards a number
/// that later layers ignore stays where chance put it, unless a penalty (<see cref="Cross.KernelL2"/>) takes it to 0. Where that matters,
/// ask <see cref="PermutationImportance"/> or <see cref="ShapleyValues"/>, which look at predictions.
/// </para>
/// </remarks>
public sealed class CrossWeights
{
    /// <summary>Name under which bundles keep <see cref="ToBytes"/> among their extra files.</summary>
    public const string FileName = "crosses.json";

    /// <summary>Puts kernels and the fields they belong to together.</summary>
    /// <param name="fields">Where each field lies in x0, one after another without gaps.</param>
    /// <param name="layers">The kernels, in the layers' order.</param>
    /// <exception cref="ArgumentException">Fields leave gaps, overlap or share a name, a kernel has another size, or a weight is not finite.</exception>
    public CrossWeights(IReadOnlyList<FieldBlock> fields, IReadOnlyList<CrossKernel> layers)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(layers);
        if (fields.Count == 0 || layers.Count == 0)
        {
            throw new ArgumentException($"There are {fields.Count} fields and {layers.Count} cross layers; at least one of each is needed.");
        }

        var width = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (string.IsNullOrEmpty(field.Name) || !names.Add(field.Name))
            {
                throw new ArgumentException($"Field '{field.Name}' has no name or that of another field.", nameof(fields));
            }

            if (field.Offset != width || field.Width <= 0)
            {
                throw new ArgumentException($"Field '{field.Name}' has offset {field.Offset} and width {field.Width}; offset {width} and a positive width were expected.", nameof(fields));
            }

            width = checked(width + field.Width);
        }

        foreach (var layer in layers)
        {
            if (layer.Values.Length != (long)width * width)
            {
                throw new ArgumentException($"The kernel of '{layer.Name}' has {layer.Values.Length} weights; the fields are {width} wide, which takes {(long)width * width}.", nameof(layers));
            }

            if (!TensorPrimitives.IsFiniteAll(layer.Values.Span))
            {
                throw new ArgumentException($"The kernel of '{layer.Name}' has a weight that is not finite.", nameof(layers));
            }
        }

        (Fields, Layers, Width) = ([.. fields], [.. layers], width);
    }

    /// <summary>Where each field lies in x0.</summary>
    public IReadOnlyList<FieldBlock> Fields { get; }

    /// <summary>The kernels, in the layers' order.</summary>
    public IReadOnlyList<CrossKernel> Layers { get; }

    /// <summary>Numbers in x0, d.</summary>
    public int Width { get; }

    /// <summary>The cross layers of a network that has met a batch; null when it has none over all of its fields.</summary>
    /// <exception cref="InvalidOperationException">The network has not met a batch yet.</exception>
    /// <exception cref="NotSupportedException">A cross layer of your own does not say what its kernel is.</exception>
    public static CrossWeights? Of(RankingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var blocks = network.Blocks;
        var width = blocks.Sum(block => block.Width);
        var inputs = network.FieldLayers.ToHashSet();
        var kernels = Crosses(network, inputs).Select(layer => layer.EffectiveKernel()).Where(kernel => kernel.Length == (long)width * width)
            .Select((kernel, i) => new CrossKernel($"cross {i + 1}", kernel)).ToArray();
        return kernels.Length == 0 ? null : new CrossWeights(blocks, kernels);
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The content is damaged, of a newer format or something else.</exception>
    public static CrossWeights Read(ReadOnlyMemory<byte> content) => CrossWeightsFile.Read(content);

    /// <summary>The weights as a file to keep in a bundle, JSON: about 5.4 bytes a weight.</summary>
    public byte[] ToBytes() => CrossWeightsFile.Write(this);

    /// <summary>The norm of every block of the kernel: entry (i, j) belongs to field i entering the factor of field j. Shape [fields, fields], row-major.</summary>
    /// <param name="layer">A layer; null for all of them together, the root of their sum of squares.</param>
    /// <param name="norm">Which norm.</param>
    public double[] BlockNorms(int? layer = null, BlockNorm norm = BlockNorm.Frobenius)
    {
        var norms = new double[Fields.Count * Fields.Count];
        foreach (var kernel in layer is { } one ? [Layers[one]] : Layers)
        {
            AddSquares(kernel.Values.Span, norms);
        }

        for (var i = 0; i < norms.Length; i++)
        {
            var size = norm == BlockNorm.Frobenius ? 1 : (double)Fields[i / Fields.Count].Width * Fields[i % Fields.Count].Width;
            norms[i] = Math.Sqrt(norms[i] / size);
        }

        return norms;
    }

    /// <summary>|W| of each pair of numbers, shape [d, d], row-major.</summary>
    /// <param name="layer">A layer; null for all of them together, the root of their sum of squares.</param>
    public float[] Magnitudes(int? layer = null)
    {
        var magnitudes = new float[Width * Width];
        for (var i = 0; i < magnitudes.Length; i++)
        {
            double squares = 0;
            foreach (var kernel in layer is { } one ? [Layers[one]] : Layers)
            {
                squares += (double)kernel.Values.Span[i] * kernel.Values.Span[i];
            }

            magnitudes[i] = (float)Math.Sqrt(squares);
        }

        return magnitudes;
    }

    /// <summary>All pairs of fields, a field with itself among them, the most strongly crossed first.</summary>
    /// <param name="layer">A layer; null for all of them together.</param>
    /// <param name="norm">Which norm.</param>
    public IReadOnlyList<FieldPair> StrongestPairs(int? layer = null, BlockNorm norm = BlockNorm.Frobenius)
    {
        var norms = BlockNorms(layer, norm);
        var pairs = new List<FieldPair>();
        for (var i = 0; i < Fields.Count; i++)
        {
            for (var j = i; j < Fields.Count; j++)
            {
                var strength = i == j ? norms[(i * Fields.Count) + i] : double.Hypot(norms[(i * Fields.Count) + j], norms[(j * Fields.Count) + i]);
                pairs.Add(new FieldPair(Fields[i].Name, Fields[j].Name, strength));
            }
        }

        return [.. pairs.OrderByDescending(pair => pair.Strength)];
    }

    private static IEnumerable<CrossLayer> Crosses(Layer layer, HashSet<Layer> inputs) =>
        inputs.Contains(layer) ? [] : layer is CrossLayer cross ? [cross] : layer.Children.SelectMany(child => Crosses(child, inputs));

    private void AddSquares(ReadOnlySpan<float> kernel, double[] squares)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            for (var row = Fields[i].Offset; row < Fields[i].Offset + Fields[i].Width; row++)
            {
                for (var j = 0; j < Fields.Count; j++)
                {
                    foreach (var weight in kernel.Slice((row * Width) + Fields[j].Offset, Fields[j].Width))
                    {
                        squares[(i * Fields.Count) + j] += (double)weight * weight;
                    }
                }
            }
        }
    }
}
