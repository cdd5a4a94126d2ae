using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>One batch of the softmax of each row's own positive against negatives that all rows share, with the same computed the long way in double.</summary>
internal sealed record SharedNegativesCase(int Rows, int Columns, int Dimension, float InverseTemperature, float[] Queries, float[] Positives, float[] Negatives)
{
    public float[] ColumnBias { get; init; } = [];

    public float[] Weights { get; init; } = [];

    public int[] LeftOut { get; init; } = [];

    public InBatchSoftmaxBatch Batch => new()
    {
        Queries = Queries,
        Candidates = Negatives,
        OwnPositives = Positives,
        Dimension = Dimension,
        InverseTemperature = InverseTemperature,
        ColumnBias = ColumnBias,
        Weights = Weights,
        LeftOut = LeftOut,
    };

    /// <summary>A random batch with any of the optional parts.</summary>
    public static SharedNegativesCase Random(int rows, int columns, int dimension, float inverseTemperature, int parts, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var draw = (int length) => Enumerable.Range(0, length).Select(_ => (float)random.NextNormal()).ToArray();
        return new SharedNegativesCase(
            rows, columns, dimension, inverseTemperature, draw(rows * dimension), draw(rows * dimension), draw(columns * dimension))
        {
            ColumnBias = (parts & 1) != 0 ? draw(columns) : [],
            Weights = (parts & 2) != 0 ? [.. Enumerable.Range(0, rows).Select(_ => 2 * random.NextSingle())] : [],
            LeftOut = (parts & 4) != 0 ? [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(columns + 1) - 1)] : [],
        };
    }

    /// <summary>The same batch as the ordinary kernel's oracle has it: one row at a time, its positive the last candidate.</summary>
    public (SoftmaxExpectation Expected, double[] PositiveGradient, double[] PositiveBound) Expected()
    {
        var all = new SoftmaxExpectation(
            new double[Rows * Dimension], new double[Rows * Dimension], new double[Columns * Dimension], new double[Columns * Dimension]);
        double[] positive = new double[Rows * Dimension], positiveBound = new double[Rows * Dimension];
        for (var i = 0; i < Rows; i++)
        {
            var row = new SoftmaxCase(
                1, Columns + 1, Dimension, InverseTemperature, Queries[(i * Dimension)..((i + 1) * Dimension)],
                [.. Negatives, .. Positives[(i * Dimension)..((i + 1) * Dimension)]])
            {
                Positives = [Columns],
                ColumnBias = ColumnBias.Length == 0 ? [] : [.. ColumnBias, 0],
                Weights = Weights.Length == 0 ? [] : [Weights[i]],

                // Equal ids are left out: those of the positive and of the column that holds its item.
                Ids = LeftOut.Length == 0 ? [] : [.. Enumerable.Range(0, Columns + 1).Select(j => j == LeftOut[i] ? Columns : j)],
            }.Expected();
            all.Loss += row.Loss;
            all.LossBound += row.LossBound;
            row.QueryGradient.CopyTo(all.QueryGradient, i * Dimension);
            row.QueryBound.CopyTo(all.QueryBound, i * Dimension);
            for (var k = 0; k < Columns * Dimension; k++)
            {
                all.CandidateGradient[k] += row.CandidateGradient[k];
                all.CandidateBound[k] += row.CandidateBound[k] + (Rounding.Gamma(Rows) * Math.Abs(row.CandidateGradient[k]));
            }

            Array.Copy(row.CandidateGradient, Columns * Dimension, positive, i * Dimension, Dimension);
            Array.Copy(row.CandidateBound, Columns * Dimension, positiveBound, i * Dimension, Dimension);
        }

        return (all, positive, positiveBound);
    }
}
