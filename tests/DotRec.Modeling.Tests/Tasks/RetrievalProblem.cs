using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>A random batch: queries, the items of its rows (some repeated), extra negatives, weights and probabilities.</summary>
public sealed class RetrievalProblem
{
    private readonly float[] _queries;
    private readonly float[] _candidates;

    public RetrievalProblem(
        int queries, int extra, int dimension, int itemCount, float temperature, ulong seed, bool weighted, bool corrected, bool removeHits)
    {
        (Queries, Extra, Dimension, Temperature, RemoveHits) = (queries, extra, dimension, temperature, removeHits);
        var random = new SeededRandom(seed);
        var items = Draw(itemCount * dimension, () => (float)random.NextNormal());
        _queries = Draw(queries * dimension, () => (float)random.NextNormal());
        ItemCodes = Draw(queries + extra, () => random.NextInt(itemCount));
        _candidates = [.. ItemCodes.SelectMany(code => items.Skip(code * dimension).Take(dimension))];
        var probabilities = Draw(itemCount, () => 0.001f + (random.NextSingle() * 0.9f));
        Inputs = new RetrievalInputs
        {
            SampleWeight = weighted ? Draw(queries, () => random.NextSingle() * 2) : [],
            SamplingProbability = corrected ? Array.ConvertAll(ItemCodes, code => probabilities[code]) : [],
            CandidateIds = Array.ConvertAll(ItemCodes, code => (long)code),
        };
        Task = new Retrieval { Temperature = temperature, RemoveAccidentalHits = removeHits };
    }

    public int Queries { get; }

    public int Extra { get; }

    public int Dimension { get; }

    public float Temperature { get; }

    public bool RemoveHits { get; }

    public int[] ItemCodes { get; }

    public RetrievalInputs Inputs { get; }

    public Retrieval Task { get; }

    /// <summary>How large rounding errors of the loss may become: it sums scores of this size.</summary>
    public double Scale => Queries * (5 + (Dimension / Temperature));

    /// <summary>A loss and its gradients; only the candidates of <paramref name="rows"/> when given.</summary>
    public (float Loss, float[] QueryGradient, float[] CandidateGradient) Differentiate(Func<Tensor, Tensor, Loss> loss, int[]? rows = null)
    {
        float[] chosen = rows is null ? _candidates : [.. rows.SelectMany(row => _candidates.Skip(row * Dimension).Take(Dimension))];
        var queries = Tensor.From(_queries, Queries, Dimension);
        var candidates = Tensor.From(chosen, chosen.Length / Dimension, Dimension);
        (queries.RequiresGradient, candidates.RequiresGradient) = (true, true);
        var value = loss(queries, candidates);
        value.Value.Backward();
        return (value.Value.Scalar, queries.Gradient!.Values.ToArray(), candidates.Gradient!.Values.ToArray());
    }

    /// <summary>The definition, in double.</summary>
    public (double Loss, float[] QueryGradient, float[] CandidateGradient) Oracle()
    {
        var (loss, queryGradient, candidateGradient) = (0.0, new double[_queries.Length], new double[_candidates.Length]);
        var count = ItemCodes.Length;
        for (var i = 0; i < Queries; i++)
        {
            var exponentials = new double[count];
            for (var j = 0; j < count; j++)
            {
                var removed = RemoveHits && j != i && ItemCodes[j] == ItemCodes[i];
                exponentials[j] = removed ? 0 : Math.Exp(Score(i, j));
            }

            var weight = Inputs.SampleWeight.IsEmpty ? 1.0 : Inputs.SampleWeight.Span[i];
            var sum = exponentials.Sum();
            loss += weight * (Math.Log(sum) - Score(i, i));
            for (var j = 0; j < count; j++)
            {
                var slope = weight / Temperature * ((exponentials[j] / sum) - (j == i ? 1 : 0));
                for (var k = 0; k < Dimension; k++)
                {
                    queryGradient[(i * Dimension) + k] += slope * _candidates[(j * Dimension) + k];
                    candidateGradient[(j * Dimension) + k] += slope * _queries[(i * Dimension) + k];
                }
            }
        }

        return (loss, Array.ConvertAll(queryGradient, value => (float)value), Array.ConvertAll(candidateGradient, value => (float)value));
    }

    public override string ToString() => $"Q {Queries} +{Extra} D {Dimension} T {Temperature} hits {RemoveHits} items {string.Join(" ", ItemCodes)}";

    private double Score(int query, int candidate)
    {
        double dot = 0;
        for (var k = 0; k < Dimension; k++)
        {
            dot += (double)_queries[(query * Dimension) + k] * _candidates[(candidate * Dimension) + k];
        }

        return (dot / Temperature) - (Inputs.SamplingProbability.IsEmpty ? 0 : Math.Log(Inputs.SamplingProbability.Span[candidate]));
    }

    private static T[] Draw<T>(int count, Func<T> draw) => [.. Enumerable.Range(0, count).Select(_ => draw())];
}
