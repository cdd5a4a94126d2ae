using System.Text;

namespace DotRec.Features;

/// <summary>What standardization does to one code point: the definition that the training form and the ONNX form of a text layer share.</summary>
internal static class CodePoints
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private static readonly Lazy<(Rune Upper, Rune Lower)[]> Cased = new(() =>
        [.. All().Select(rune => (Upper: rune, Lower: Rune.ToLowerInvariant(rune))).Where(pair => pair.Upper != pair.Lower)]);

    private static readonly Lazy<Rune[]> Blank = new(() => [.. All().Where(Rune.IsWhiteSpace)]);

    /// <summary>The code points with the Unicode property White_Space.</summary>
    public static IReadOnlyList<Rune> WhiteSpace => Blank.Value;

    /// <summary>The marks that <see cref="TextStandardization.StripPunctuation"/> removes.</summary>
    public static IEnumerable<Rune> PunctuationMarks => Punctuation.EnumerateRunes();

    /// <summary>Every code point that has a simple lower-case form of its own, with that form.</summary>
    public static IReadOnlyList<(Rune Upper, Rune Lower)> LowercaseForms => Cased.Value;

    public static bool IsPunctuation(Rune rune) => rune.IsAscii && Punctuation.Contains((char)rune.Value, StringComparison.Ordinal);

    private static IEnumerable<Rune> All()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.TryCreate(value, out var rune))
            {
                yield return rune;
            }
        }
    }
}
