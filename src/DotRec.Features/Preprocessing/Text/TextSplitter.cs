using System.Text;

namespace DotRec.Features;

/// <summary>Splits a text into tokens: standardized code points between white space. Tokens of nothing but punctuation vanish.</summary>
/// <param name="standardization">What is done to each code point first.</param>
/// <param name="maxCharacters">How many code points of a text are read.</param>
internal sealed class TextSplitter(TextStandardization standardization, int maxCharacters)
{
    private const char Removed = '\uFFFF';

    // ASCII, nearly all of most texts, takes one table look-up a character.
    private readonly char[] _ascii = [.. Enumerable.Range(0, 128).Select(value => Standardized(new Rune(value), standardization))];

    public TextStandardization Standardization => standardization;

    public int MaxCharacters => maxCharacters;

    /// <summary>Calls back for each token in order; the span is valid during the call.</summary>
    /// <param name="text">Any text; an unpaired surrogate counts as U+FFFD.</param>
    /// <param name="buffer">Scratch space, grown as needed and kept for the next call.</param>
    /// <param name="found">Receives each token.</param>
    public void Split<TSink>(string? text, ref char[] buffer, ref TSink found)
        where TSink : ITokenSink, allows ref struct
    {
        if (text is null)
        {
            return;
        }

        // A code point takes at most two UTF-16 units, its lower-case form too.
        var longest = 2 * Math.Min(text.Length, maxCharacters);
        if (buffer.Length < longest)
        {
            buffer = new char[Math.Max(256, longest)];
        }

        var length = 0;
        var (position, read) = (0, 0);
        while (position < text.Length && read < maxCharacters)
        {
            read++;
            var unit = text[position];
            if (unit < 128)
            {
                position++;
                unit = _ascii[unit];
                if (unit == ' ')
                {
                    End(buffer, ref length, ref found);
                }
                else if (unit != Removed)
                {
                    buffer[length++] = unit;
                }

                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(position), out var rune, out var consumed);
            position += consumed;
            if (Rune.IsWhiteSpace(rune))
            {
                End(buffer, ref length, ref found);
            }
            else
            {
                length += Lower(rune).EncodeToUtf16(buffer.AsSpan(length));
            }
        }

        End(buffer, ref length, ref found);
    }

    private static void End<TSink>(char[] buffer, ref int length, ref TSink found)
        where TSink : ITokenSink, allows ref struct
    {
        if (length > 0)
        {
            found.Token(buffer.AsSpan(0, length));
            length = 0;
        }
    }

    private static char Standardized(Rune rune, TextStandardization standardization) =>
        Rune.IsWhiteSpace(rune) ? ' '
        : standardization.HasFlag(TextStandardization.StripPunctuation) && CodePoints.IsPunctuation(rune) ? Removed
        : standardization.HasFlag(TextStandardization.Lowercase) ? (char)Rune.ToLowerInvariant(rune).Value
        : (char)rune.Value;

    private Rune Lower(Rune rune) => standardization.HasFlag(TextStandardization.Lowercase) ? Rune.ToLowerInvariant(rune) : rune;
}
