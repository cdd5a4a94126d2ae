using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>A square matrix of magnitudes over fields: a cell a pair of fields, or a cell a pair of numbers with the fields as blocks.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">What a cell's number is.</param>
/// <param name="Axis">Where each field lies on both axes.</param>
/// <param name="Values">Row by row, none negative.</param>
internal sealed record HeatMap(string Title, string Unit, IReadOnlyList<FieldBlock> Axis, double[] Values)
{
    public int Size => Axis[^1].Offset + Axis[^1].Width;

    /// <summary>True when every field is one cell.</summary>
    public bool IsOfFields => Size == Axis.Count;

    /// <summary>The pictures of a network: its fields, all layers together and each alone, and its single weights.</summary>
    public static IReadOnlyList<HeatMap> Of(CrossWeights weights, BlockNorm norm)
    {
        var isSingle = weights.Layers.Count == 1;
        var maps = new List<HeatMap>
        {
            OfFields(weights, null, norm, isSingle ? "What the cross layer multiplies" : $"What {weights.Layers.Count} cross layers multiply, together"),
            new(isSingle ? "Its single weights" : "Their single weights, together", isSingle ? "|w|" : "√Σ w² over layers", weights.Fields, Array.ConvertAll(weights.Magnitudes(), value => (double)value)),
        };
        if (!isSingle)
        {
            maps.AddRange(weights.Layers.Select((layer, i) => OfFields(weights, i, norm, $"What {layer.Name} multiplies")));
        }

        return maps;
    }

    private static HeatMap OfFields(CrossWeights weights, int? layer, BlockNorm norm, string title) => new(
        title,
        norm == BlockNorm.Frobenius ? "Frobenius norm" : "RMS weight",
        [.. weights.Fields.Select((field, i) => new FieldBlock(field.Name, i, 1))],
        weights.BlockNorms(layer, norm));
}
