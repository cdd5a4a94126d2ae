using DotRec.Data;

namespace DotRec.Features.Tests;

/// <summary>Every preprocessing layer in every configuration that changes its answers. A new layer adds its lines here; all laws then hold for it.</summary>
internal static class LayerCases
{
    /// <summary>From rows to adapt to, a layer; by a name for the test's report.</summary>
    public static readonly IReadOnlyDictionary<string, Func<FeatureBatch, PreprocessingLayer>> All = new Dictionary<string, Func<FeatureBatch, PreprocessingLayer>>(StringComparer.Ordinal)
    {
        ["StringLookup"] = data => new StringLookup("text", data),
        ["StringLookup, few tokens"] = data => new StringLookup("text", data, maxTokens: 5),
        ["StringLookup, frequent"] = data => new StringLookup("text", data, minimumCount: 4),
        ["StringLookup, given"] = _ => new StringLookup("text", ["toy", "", "\uD800", "a\0b"]),
        ["StringLookup, lists"] = data => new StringLookup("texts", data),
        ["IntegerLookup"] = data => new IntegerLookup("integer", data, minimumCount: 2),
        ["IntegerLookup, given"] = _ => new IntegerLookup("integer", [long.MinValue, 0, 7, long.MaxValue]),
        ["IntegerLookup, lists"] = data => new IntegerLookup("integers", data),
        ["Hashing, strings"] = data => new Hashing("text", data, bins: 97),
        ["Hashing, salted"] = _ => new Hashing("text", ColumnType.String, bins: int.MaxValue, salt: 0xDEADBEEF),
        ["Hashing, integers"] = data => new Hashing("integer", data, bins: 1000, salt: 3),
        ["Hashing, lists"] = data => new Hashing("texts", data, bins: 10),
        ["Hashing, integer lists"] = _ => new Hashing("integers", ColumnType.Int64, bins: 1, isJagged: true),
        ["Numeric"] = data => new Numeric("number", data),
        ["Numeric, missing"] = _ => new Numeric("number", ColumnType.Float32, whenMissing: -1.5f),
        ["Numeric, integers"] = data => new Numeric("integer", data),
        ["Numeric, wide"] = data => new Numeric("wide", data, whenMissing: 3),
        ["Normalization, wide"] = data => new Normalization("wide", data, missingIndicator: true),
        ["Normalization, wide and logarithmic"] = data => new Normalization("wide", data, whenMissing: 1.5e9, logarithmic: true),
        ["Discretization, wide"] = data => new Discretization("wide", data, bins: 40, missingBin: true),
        ["Normalization"] = data => new Normalization("number", data),
        ["Normalization, missing"] = data => new Normalization("number", data, whenMissing: -3),
        ["Normalization, integers"] = data => new Normalization("integer", data),
        ["Normalization, constant"] = data => new Normalization("constant", data),
        ["Normalization, given"] = _ => new Normalization("number", mean: 5, variance: 0.25),
        ["Normalization, logarithmic"] = data => new Normalization("number", data, logarithmic: true),
        ["Normalization, missing ones marked"] = data => new Normalization("number", data, whenMissing: 2, logarithmic: true, missingIndicator: true),
        ["Normalization, integers marked"] = data => new Normalization("integer", data, logarithmic: true, missingIndicator: true),
        ["Discretization, quantiles"] = data => new Discretization("number", data, bins: 10),
        ["Discretization, equal width"] = data => new Discretization("number", data, bins: 100, BinPlacement.EqualWidth),
        ["Discretization, missing"] = data => new Discretization("number", data, bins: 4, missingBin: true),
        ["Discretization, integers"] = data => new Discretization("integer", data, bins: 20, missingBin: true),
        ["Discretization, given"] = _ => new Discretization("number", [-1, 0, 1, 2]),
        ["PiecewiseLinear"] = data => new PiecewiseLinear("number", data, "label", minimumRows: 5, minimumGain: 0),
        ["PiecewiseLinear, wide"] = data => new PiecewiseLinear("wide", data, "label", minimumRows: 2, minimumGain: 0),
        ["PiecewiseLinear, integers"] = data => new PiecewiseLinear("integer", data, "label", bins: 30, minimumRows: 1, minimumGain: 0),
        ["PiecewiseLinear, many bins"] = data => new PiecewiseLinear("number", data, "integer", bins: 300, minimumRows: 1, minimumGain: 0),
        ["PiecewiseLinear, constant"] = data => new PiecewiseLinear("constant", data, "label"),
        ["PiecewiseLinear, few rows"] = data => new PiecewiseLinear("number", data.Slice(0, 30), "label"),
        ["TextVectorization"] = data => new TextVectorization("title", data),
        ["TextVectorization, few tokens"] = data => new TextVectorization("title", data, maxTokens: 9, minimumCount: 2),
        ["TextVectorization, given"] = _ => new TextVectorization("title", ["story", "toy", "\uE000", "état", "жук"]),
        ["TextVectorization, short"] = data => new TextVectorization("title", data, maxCharacters: 13),
        ["TextVectorization, long"] = data => new TextVectorization("text", data, maxCharacters: 2500),
        ["TextVectorization, lower-case only"] = data => new TextVectorization("title", data, standardization: TextStandardization.Lowercase),
        ["TextVectorization, punctuation only"] = data => new TextVectorization("title", data, standardization: TextStandardization.StripPunctuation),
        ["TextVectorization, split only"] = data => new TextVectorization("title", data, standardization: TextStandardization.None),
        ["CategoryCrossing, full"] = data => new CategoryCrossing([new StringLookup("text", data), new Discretization("number", data, bins: 5)]),
        ["CategoryCrossing, three hashed"] = data => new CategoryCrossing(
            [new StringLookup("text"), new Hashing("integer", bins: int.MaxValue), new Discretization("number", [0], missingBin: true)], data, bins: 1000, salt: 5),
        ["CategoryCrossing, one column twice"] = data => new CategoryCrossing([new Hashing("text", data, bins: 3), new Hashing("text", data, bins: 4, salt: 1)]),
        ["CategoryCrossing, nested"] = data => new CategoryCrossing(
            [new CategoryCrossing([new IntegerLookup("integer"), new Hashing("text", bins: 7)]), new StringLookup("text")], data, bins: 50),
        ["Discretization, one bin"] = data => new Discretization("constant", data, bins: 8),
    };

    public static TheoryData<string> Names => [.. All.Keys];
}
