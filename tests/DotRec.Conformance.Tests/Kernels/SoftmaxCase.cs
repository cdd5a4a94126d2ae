using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>One batch of the in-batch softmax as arrays (empty where a part is absent), with the same computed the long way in double.</summary>
internal sealed record SoftmaxCase(int Rows, int Columns, int Dimension, float InverseTemperature, float[] Queries, float[] Candidates)
{
    public int[] Positives { get; init; } = [];

    public float[] ColumnBias { get; init; } = [];

    public float[] PositiveBias { get; init; } = [];

    public float[] Weights { get; init; } = [];

    public int[] Ids { get; init; } = [];

    public InBatchSoftmaxBatch Batch => new()
    {
        Queries = Queries,
        Candidates = Candidates,
        Dimension = Dimension,
        InverseTemperature = InverseTemperature,
        Positives = Positives,
        ColumnBias = ColumnBias,
        PositiveBias = PositiveBias,
        Weights = Weights,
        NextEqualColumn = Next(),
    };

    /// <summary>A random batch with any of the optional parts.</summary>
    public static SoftmaxCase Random(int rows, int extraColumns, int dimension, float inverseTemperature, int parts, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var columns = rows + extraColumns;
        var draw = (int length) => Enumerable.Range(0, length).Select(_ => (float)random.NextNormal()).ToArray();
        return new SoftmaxCase(rows, columns, dimension, inverseTemperature, draw(rows * dimension), draw(columns * dimension))
        {
            Positives = (parts & 1) != 0 ? [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(columns))] : [],
            ColumnBias = (parts & 2) != 0 ? draw(columns) : [],
            PositiveBias = (parts & 4) != 0 ? draw(columns) : [],
            Weights = (parts & 8) != 0 ? [.. Enumerable.Range(0, rows).Select(_ => 2 * random.NextSingle())] : [],
            Ids = (parts & 16) != 0 ? [.. Enumerable.Range(0, columns).Select(_ => random.NextInt(1 + (columns / 2)))] : [],
        };
    }

    /// <summary>Loss and gradients, each with a bound on the error of float32 arithmetic.</summary>
    public SoftmaxExpectation Expected()
    {
        var expected = new SoftmaxExpectation(
            new double[Rows * Dimension], new double[Rows * Dimension], new double[Columns * Dimension], new double[Columns * Dimension]);
        for (var i = 0; i < Rows; i++)
        {
            AddRow(i, expected);
        }

        return expected;
    }

    private void AddRow(int i, SoftmaxExpectation expected)
    {
        var positive = Positives.Length == 0 ? i : Positives[i];
        var logits = new double[Columns];
        var error = 0.0;
        for (var j = 0; j < Columns; j++)
        {
            var size = 0.0;
            for (var k = 0; k < Dimension; k++)
            {
                var term = (double)Queries[(i * Dimension) + k] * Candidates[(j * Dimension) + k] * InverseTemperature;
                logits[j] += term;
                size += Math.Abs(term);
            }

            double column = ColumnBias.Length == 0 ? 0 : ColumnBias[j], own = PositiveBias.Length == 0 ? column : PositiveBias[j];
            logits[j] += j == positive ? own : column;
            error = Math.Max(error, Rounding.Gamma(Dimension + 6) * (size + (3 * Math.Abs(column)) + Math.Abs(own)));
            if (j != positive && Ids.Length > 0 && Ids[j] == Ids[positive])
            {
                logits[j] = double.NegativeInfinity;
            }
        }

        var maximum = logits.Max();
        var sum = logits.Sum(logit => Math.Exp(logit - maximum));
        var weight = Weights.Length == 0 ? 1.0 : Weights[i];
        expected.Loss += weight * (Math.Log(sum) + maximum - logits[positive]);

        // Shifting every logit by at most e changes a probability by a factor of at most exp(2e); exponential, sum and products round besides.
        var relative = Math.Exp(2 * error) - 1 + Rounding.Gamma(Columns + Rows + 24);
        expected.LossBound += weight * ((2 * error) + relative + (4 * Rounding.UnitRoundoff * (Math.Abs(maximum) + Math.Abs(logits[positive]))));
        for (var j = 0; j < Columns; j++)
        {
            var probability = Math.Exp(logits[j] - maximum) / sum;
            var slope = weight * InverseTemperature * (probability - (j == positive ? 1 : 0));
            var bound = weight * InverseTemperature * (probability + (j == positive ? 1 : 0)) * relative;
            for (var k = 0; k < Dimension; k++)
            {
                double q = Queries[(i * Dimension) + k], c = Candidates[(j * Dimension) + k];
                expected.QueryGradient[(i * Dimension) + k] += slope * c;
                expected.QueryBound[(i * Dimension) + k] += bound * Math.Abs(c);
                expected.CandidateGradient[(j * Dimension) + k] += slope * q;
                expected.CandidateBound[(j * Dimension) + k] += bound * Math.Abs(q);
            }
        }
    }

    private int[] Next()
    {
        var next = new int[Ids.Length];
        EqualColumns.Link(Ids, next);
        return next;
    }
}

internal sealed record SoftmaxExpectation(double[] QueryGradient, double[] QueryBound, double[] CandidateGradient, double[] CandidateBound)
{
    public double Loss { get; set; }

    public double LossBound { get; set; }
}
