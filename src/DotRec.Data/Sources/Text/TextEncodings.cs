using System.Text;

namespace DotRec.Data;

/// <summary>Encodings of text files by their names.</summary>
public static class TextEncodings
{
    /// <summary>The encoding of a name: utf-8, utf-16, windows-1252, iso-8859-1, shift_jis and all others that .NET knows, in any case of letters.</summary>
    /// <exception cref="ArgumentException">There is no encoding of the name.</exception>
    public static Encoding Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException unknown)
        {
            throw new ArgumentException($"There is no encoding '{name}'. Names are utf-8, utf-16, windows-1252, iso-8859-1, shift_jis and the like.", nameof(name), unknown);
        }
    }
}
