using System.Text;
using System.Xml;

namespace DotRec.Cli;

/// <summary>Texts as XML can hold them: names of columns may be anything.</summary>
internal static class XmlText
{
    /// <summary>The text with the replacement character for what no XML document can hold, such as control characters and half surrogate pairs.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Enumerating runes has replaced half pairs already.
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        }

        return clean.ToString();
    }
}
