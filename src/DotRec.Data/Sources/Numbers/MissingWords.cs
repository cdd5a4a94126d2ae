using System.Text;

namespace DotRec.Data;

/// <summary>The words that stand for a missing number, as UTF-8; an empty field always does.</summary>
internal sealed class MissingWords
{
    private readonly byte[][] _words;
    private readonly int _longest;

    /// <summary>True when a word looks like a number, such as -99: then it is looked for before numbers are.</summary>
    public bool HasNumbers { get; }

    public MissingWords(IEnumerable<string> words)
    {
        _words = [.. words.Select(word => Encoding.UTF8.GetBytes(word.Trim())).Where(word => word.Length > 0)];
        HasNumbers = Array.Exists(_words, word => NumberParser.TryFloat64(word, out var number) && !double.IsNaN(number));
        _longest = _words.Length == 0 ? 0 : _words.Max(word => word.Length);
    }

    /// <summary>True for one of the words. Letters count as written: "NA" is missing, "Na" is sodium.</summary>
    public bool Contains(ReadOnlySpan<byte> field)
    {
        if (field.Length > _longest)
        {
            return false;
        }

        foreach (var word in _words)
        {
            if (field.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
