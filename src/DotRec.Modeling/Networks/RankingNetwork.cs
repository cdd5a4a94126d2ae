using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>A network over fields: raw rows in, one score a row out, shape [B, 1]. A layer, so it stands in a tower and is exported like one.</summary>
/// <remarks>A network of your own overrides <see cref="Score"/>.</remarks>
public abstract class RankingNetwork : Layer
{
    private readonly Sequential[] _branches;
    private int[] _widths = [];

    /// <summary>Declares the fields.</summary>
    /// <exception cref="ArgumentException">There is no field, or two have one name.</exception>
    protected RankingNetwork(IReadOnlyList<Field> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Count == 0 || fields.GroupBy(field => field.Name, StringComparer.Ordinal).Any(group => group.Count() > 1))
        {
            throw new ArgumentException($"A network needs at least one field, and a name of its own for each; given are: {string.Join(", ", fields)}.", nameof(fields));
        }

        Fields = fields;
        _branches = [.. fields.Select(field => Use(new Sequential(field.CreateLayers())))];
    }

    /// <summary>The inputs, in order.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Where each field lies in x0, the fields side by side.</summary>
    /// <exception cref="InvalidOperationException">The network has not met a batch yet.</exception>
    public IReadOnlyList<FieldBlock> Blocks
    {
        get
        {
            if (_widths.Length == 0)
            {
                throw new InvalidOperationException($"{Name} has not met a batch yet, so the widths of its fields are not known. Fit it or predict with it first.");
            }

            var offset = 0;
            return [.. Fields.Zip(_widths, (one, width) => new FieldBlock(one.Name, (offset += width) - width, width))];
        }
    }

    /// <summary>The layers that turn raw features into the fields' numbers.</summary>
    internal IEnumerable<Layer> FieldLayers => _branches.SelectMany(branch => branch.Children);

    internal override Signal Apply(Signal input, ForwardContext context)
    {
        if (input.Rows is null)
        {
            throw new InvalidOperationException($"{this} reads raw features, so it must come first in its tower, but follows a layer that gives {input.Describe()}.");
        }

        var features = new Tensor[_branches.Length];
        for (var i = 0; i < features.Length; i++)
        {
            var result = _branches[i].Apply(input, context);
            features[i] = result.Numbers ?? throw new InvalidOperationException(
                $"Field '{Fields[i].Name}' of {this} ends in {result.Describe()}; fields must end in numbers. {result.Remedy()}");
        }

        _widths = [.. features.Select(feature => feature.Shape[^1])];
        var score = Score(features, context);
        context.Export?.Emit(this, score);
        return Signal.Of(score);
    }

    /// <summary>The score of each row, shape [B, 1], from the fields' numbers, each of shape [B, width].</summary>
    protected abstract Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context);
}
