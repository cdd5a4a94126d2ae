using System.Diagnostics.CodeAnalysis;

namespace DotRec.Data;

/// <summary>
/// How names are matched, everywhere that a property, a column or a feature is looked for by name: the name that is exactly equal, or else the only
/// one that is equal without regard to case, underscores, hyphens and blanks, so that <c>UserId</c> is found as <c>user_id</c>.
/// </summary>
internal static class ColumnNames
{
    /// <summary>The position of the name, or −1 when none matches.</summary>
    /// <exception cref="ArgumentException">No name is exactly equal and several match.</exception>
    public static int Find(IReadOnlyList<string> names, string wanted)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], wanted, StringComparison.Ordinal))
            {
                return i;
            }
        }

        var found = -1;
        for (var i = 0; i < names.Count; i++)
        {
            if (Match(names[i], wanted))
            {
                found = found < 0 ? i : throw new ArgumentException(
                    $"'{wanted}' may be '{names[found]}' or '{names[i]}'. Rename one of them, or give the one that is meant the exact name.");
            }
        }

        return found;
    }

    /// <summary>Finds a name in a dictionary by the same rule.</summary>
    /// <inheritdoc cref="Find"/>
    public static bool TryFind<T>(IReadOnlyDictionary<string, T> values, string wanted, [MaybeNullWhen(false)] out T value)
    {
        if (values.TryGetValue(wanted, out value))
        {
            return true;
        }

        List<string> names = [.. values.Keys];
        var found = Find(names, wanted);
        value = found < 0 ? default : values[names[found]];
        return found >= 0;
    }

    private static bool Match(string one, string other)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < one.Length && IsIgnored(one[i]))
            {
                i++;
            }

            while (j < other.Length && IsIgnored(other[j]))
            {
                j++;
            }

            if (i == one.Length || j == other.Length)
            {
                return i == one.Length && j == other.Length;
            }

            if (char.ToUpperInvariant(one[i++]) != char.ToUpperInvariant(other[j++]))
            {
                return false;
            }
        }
    }

    private static bool IsIgnored(char letter) => letter is '_' or '-' or ' ';
}
