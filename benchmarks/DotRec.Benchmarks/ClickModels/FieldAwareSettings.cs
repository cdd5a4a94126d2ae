using System.Globalization;

namespace DotRec.Benchmarks;

/// <summary>What ML.NET's field-aware factorization machine is told. The first values are its own defaults, numbers by bins.</summary>
internal sealed record FieldAwareSettings
{
    public int Iterations { get; init; } = 5;

    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Penalty on linear and latent weights.</summary>
    public float Lambda { get; init; } = 1e-4f;

    public int Latent { get; init; } = 20;

    /// <summary>True: a number is the category of its quantile bin. False: it is normalised, and a second number tells that it is missing.</summary>
    public bool Bins { get; init; } = true;

    /// <summary>
    /// Tries each setting in turn, the others held, and keeps what has the least loss; the iterations come twice, for the right number of them depends
    /// on the rest. The default number is tried the second time.
    /// </summary>
    public static FieldAwareSettings Choose(Func<FieldAwareSettings, double> validationLoss)
    {
        var best = new FieldAwareSettings();
        var min = validationLoss(best);
        Try([1, 2, 5, 10, 20], (settings, value) => settings with { Iterations = value });
        Try([0.02f, 0.05f, 0.1f, 0.2f], (settings, value) => settings with { LearningRate = value });
        Try([1e-5f, 1e-4f, 1e-3f], (settings, value) => settings with { Lambda = value });
        Try([4, 8, 20], (settings, value) => settings with { Latent = value });
        Try([true, false], (settings, value) => settings with { Bins = value });
        Try([1, 2, 5, 10, 20], (settings, value) => settings with { Iterations = value });
        return best;

        void Try<T>(T[] values, Func<FieldAwareSettings, T, FieldAwareSettings> change)
        {
            var start = best;
            foreach (var settings in values.Select(value => change(start, value)).Where(settings => settings != best))
            {
                var loss = validationLoss(settings);
                (best, min) = loss < min ? (settings, loss) : (best, min);
            }
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Iterations} iterations, rate {LearningRate}, λ {Lambda}, {Latent} latent numbers, numbers {(Bins ? "by bins" : "normalised")}");
}
