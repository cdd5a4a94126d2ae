using System.Buffers;

namespace DotRec.Serving;

/// <summary>The names that files of a bundle may have: plain ones, which mean the same file in the same folder on every system.</summary>
internal static class BundleFileName
{
    private const int MaxLength = 255;

    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\:*?\"<>|");

    // Windows takes these for devices, whatever extension follows.
    private static readonly string[] Devices =
    [
        "CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(i => new[] { FormattableString.Invariant($"COM{i}"), FormattableString.Invariant($"LPT{i}") }),
    ];

    /// <summary>True for a name without a folder, a drive, a stream or a device in it, and without what some system would change.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAny(Separators)
        && !name.Any(char.IsControl)
        && name[^1] is not ('.' or ' ')
        && name[0] != ' '
        && !Devices.Contains(name.Split('.')[0].TrimEnd(' '), StringComparer.OrdinalIgnoreCase);
}
