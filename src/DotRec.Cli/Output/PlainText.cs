using System.Globalization;
using System.Text;

namespace DotRec.Cli;

/// <summary>Text for people, without the characters that a terminal obeys: values of data must not colour it, name its window or write over a line.</summary>
internal static class PlainText
{
    /// <summary>Text whose lines stay lines; every other control character is shown as what it is: \x1b.</summary>
    public static string Of(string text) => text.AsSpan().IndexOfAny(Obeyed) < 0 ? text : Shown(text, lines: true);

    /// <summary>A value that belongs on one line: ends of lines are shown, too.</summary>
    public static string OfValue(string text) => text.AsSpan().IndexOfAny(Obeyed) < 0 && !text.Contains('\n', StringComparison.Ordinal) ? text : Shown(text, lines: false);

    // C0 without the end of a line, DEL, C1, and what turns the direction of writing.
    private static readonly System.Buffers.SearchValues<char> Obeyed = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(IsObeyed)]);

    private static bool IsObeyed(char character) =>
        (char.IsControl(character) && character != '\n') || character is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';

    private static string Shown(string text, bool lines)
    {
        var shown = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            var isLineEnd = character == '\n' || (character == '\r' && i + 1 < text.Length && text[i + 1] == '\n');
            shown.Append((isLineEnd, character) switch
            {
                (true, _) when lines => $"{character}",
                (_, '\n') => "\\n",
                (_, '\r') => "\\r",
                (_, '\t') => lines ? "\t" : "\\t",
                _ when !IsObeyed(character) => $"{character}",
                (_, <= '\u00ff') => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
            });
        }

        return shown.ToString();
    }
}
