using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>Rows of numbers, a linear model of three of them, and one of products.</summary>
internal static class LinearRows
{
    public static readonly double[] Weights = [3, -2, 0.5];

    public static FeatureBatch Of(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        return new FeatureBatch([.. ((string[])["a", "b", "c", "unused"]).Select(name => new Column<float>(name, [.. Enumerable.Range(0, rows).Select(_ => (float)random.NextNormal())]))]);
    }

    public static float[] Predict(FeatureBatch rows) => Each(rows, x => 7 + (Weights[0] * x[0]) + (Weights[1] * x[1]) + (Weights[2] * x[2]));

    /// <summary>Alike in b and c.</summary>
    public static float[] PredictProducts(FeatureBatch rows) => Each(rows, x => (x[0] * x[1] * x[2]) + Math.Sin(x[1] + x[2]));

    private static float[] Each(FeatureBatch rows, Func<double[], double> model) =>
        [.. Enumerable.Range(0, rows.RowCount).Select(row => (float)model([.. ((string[])["a", "b", "c"]).Select(name => (double)rows.Get<float>(name).Values[row])]))];
}
