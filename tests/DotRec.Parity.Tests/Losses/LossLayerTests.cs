using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of its loss layers on RandomState's numbers: logits uniform, then a permutation for the positives, then ids or probabilities.</summary>
public class LossLayerTests
{
    public static TheoryData<uint, string> Mined => new()
    {
        { 42, "13: 11 1 7; 11: 14 13 15" },
        { 123, "3: 6 15 11; 9: 18 17 1" },
        { 8391, "18: 6 7 5; 16: 1 7 3" },
        { 12390, "10: 11 16 14; 3: 18 6 8" },
        { 1230, "15: 17 19 6; 2: 8 0 17" },
    };

    public static TheoryData<uint, int[], int[], string> AccidentalHits => new()
    {
        { 42, [0, 1], [0, 1, 1, 1], "1:2 1:3" },
        { 123, [1, 2], [2, 0, 1, 2], "" },
        { 8391, [1, 2], [2, 1, 0, 1], "0:3" },
        { 12390, [2, 0], [1, 0, 1, 2], "0:0 1:2" },
        { 1230, [1, 2], [0, 0, 2, 0], "0:0 0:3" },
    };

    [Theory]
    [MemberData(nameof(Mined))]
    public void Hard_negatives_are_the_highest_of_each_row(uint seed, string expected)
    {
        var logits = Draw(new NumpyRandom(seed), rows: 2, columns: 20);

        var mined = new HardNegativeMining(3).Apply(logits);

        var rows = Enumerable.Range(0, 2).Select(row => $"{mined.PositiveOf(row)}: " + string.Join(" ", Enumerable.Range(0, 20)
            .Where(column => mined.IsAllowed(row, column) && column != mined.PositiveOf(row))
            .OrderByDescending(column => mined.Values.Values[(row * 20) + column])));
        Assert.Equal(expected, string.Join("; ", rows));
        Assert.Equal(logits.Values.Values.ToArray(), mined.Values.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(AccidentalHits))]
    public void Accidental_hits_are_the_positives_id_in_another_column(uint seed, int[] positives, int[] ids, string expected)
    {
        var random = new NumpyRandom(seed);
        var logits = Draw(random, rows: 2, columns: 4);
        var drawn = random.Integers(3, 4);
        Assert.Equal(positives, new[] { logits.PositiveOf(0), logits.PositiveOf(1) });
        Assert.Equal(ids, drawn);

        var processed = RemoveAccidentalHits.Apply(logits, Array.ConvertAll(drawn, id => (long)id));

        var removed = from row in Enumerable.Range(0, 2) from column in Enumerable.Range(0, 4) where !processed.IsAllowed(row, column) select $"{row}:{column}";
        Assert.Equal(expected, string.Join(" ", removed));
    }

    [Theory]
    [InlineData(42, 362.078616)]
    [InlineData(123, 289.780961)]
    [InlineData(8391, 286.795255)]
    [InlineData(12390, 289.117580)]
    [InlineData(1230, 342.877329)]
    public void Correcting_for_sampling_raises_every_score(uint seed, double sum)
    {
        var random = new NumpyRandom(seed);
        var logits = new CandidateLogits(Tensor.From(random.Uniforms(200), 10, 20));
        var probabilities = random.Uniforms(20);

        var corrected = SamplingProbabilityCorrection.Apply(logits, probabilities);

        Assert.Equal(sum, corrected.Values.Values.ToArray().Sum(value => (double)value), 1e-4);
        Assert.All(corrected.Values.Values.ToArray().Zip(logits.Values.Values.ToArray()), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void A_probability_of_zero_counts_as_one_in_a_million()
    {
        var corrected = SamplingProbabilityCorrection.Apply(new CandidateLogits(Tensor.From([0, 0, 0, 0], 2, 2)), [0f, 1f]);

        Assert.Equal(13.815511, corrected.Values.Values[0], 1e-6);
        Assert.Equal(0, corrected.Values.Values[1], 1e-6);
    }

    private static CandidateLogits Draw(NumpyRandom random, int rows, int columns)
    {
        var values = random.Uniforms(rows * columns);

        // The suite transposes a permuted identity matrix: row i's positive is where the permutation holds i.
        var permutation = random.Permutation(columns);
        return new CandidateLogits(Tensor.From(values, rows, columns), [.. Enumerable.Range(0, rows).Select(row => Array.IndexOf(permutation, row))]);
    }
}
