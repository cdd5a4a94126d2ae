using System.Text;

namespace DotRec.Features;

/// <summary>Text as ONNX Runtime sees it: UTF-8.</summary>
internal static class Utf8Text
{
    /// <summary>The text with every unpaired surrogate replaced by U+FFFD, as its UTF-8 form has it; null is the empty text.</summary>
    public static string WellFormed(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        // Only text with surrogates can be ill-formed; this scan is vectorised.
        return text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }
}
