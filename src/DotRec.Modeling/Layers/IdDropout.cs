using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// In training, replaces categories at random by category 0, that of values out of vocabulary; otherwise does nothing. Between the lookup of an id and its
/// embedding, beside other features: the row for unknown ids is trained, and the features learn what they can say without the id, so that a new item or user
/// is embedded by them (DropoutNet; Volkovs, Yu and Poutanen, 2017).
/// </summary>
/// <remarks>
/// In one step a category is dropped wherever it comes or nowhere, as the step's seed says: an item that a batch holds several times is still embedded once.
/// Made for lookups, whose row 0 is that of unknown values; bins and hashes have none.
/// </remarks>
/// <example>
/// <code>
/// var films = new Tower(
///     new Concatenate(
///         [new StringLookup("movie_id", train), new IdDropout(0.05), new Embedding(32)],
///         [new StringLookup("genres", train), new Embedding(32)]),
///     new Dense(32));
/// </code>
/// </example>
public sealed class IdDropout : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="rate">Share of the categories that a step takes for unknown, in 0 … 1, 1 excluded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is another.</exception>
    public IdDropout(double rate) => Rate = rate is >= 0 and < 1
        ? rate
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate must be in 0 … 1, 1 excluded.");

    /// <summary>Share of the categories that a step takes for unknown.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    protected internal override string? Settings => Rate.ToString("R", CultureInfo.InvariantCulture);

    internal override Signal Apply(Signal input, ForwardContext context)
    {
        var categories = input.Categories ?? throw new InvalidOperationException(
            $"Layer {this} takes category numbers but is given {input.Describe()}. Put it between a lookup and its embedding.");
        return context.IsTraining && Rate > 0 ? Signal.Of(Dropped(categories, context.NextSeed())) : input;
    }

    private Categories Dropped(Categories categories, ulong seed)
    {
        int[] numbers = [.. categories.Numbers.Values.Span];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = IsDropped(numbers[i], seed) ? 0 : numbers[i];
        }

        return categories.With(categories.IsJagged ? new Indices(numbers, categories.Numbers.Offsets) : new Indices(numbers));
    }

    // A step of SplitMix64: 53 of its bits are a number in 0 … 1.
    private bool IsDropped(int category, ulong seed)
    {
        var value = unchecked(seed + ((ulong)category * 0x9E3779B97F4A7C15UL));
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EBUL);
        return ((value ^ (value >> 31)) >> 11) / (double)(1UL << 53) < Rate;
    }
}
