using System.Runtime.InteropServices;

namespace DotRec.Modeling;

/// <summary>The item ids of the candidates of a batch, to recognise the same item in several columns. Strings or integers.</summary>
public sealed class CandidateIds
{
    private readonly int[] _codes;

    private CandidateIds(int[] codes) => _codes = codes;

    /// <summary>Number of candidates.</summary>
    public int Count => _codes.Length;

    /// <summary>A number a candidate; equal numbers mean equal ids.</summary>
    internal ReadOnlySpan<int> Codes => _codes;

    /// <summary>Ids as the data has them.</summary>
    public static implicit operator CandidateIds(string[] ids) => From(ids);

    /// <inheritdoc cref="op_Implicit(string[])"/>
    public static implicit operator CandidateIds(long[] ids) => From(ids);

    /// <summary>Integer ids.</summary>
    public static CandidateIds From(ReadOnlySpan<long> ids) => Number(ids);

    /// <summary>String ids, compared ordinally.</summary>
    public static CandidateIds From(ReadOnlySpan<string> ids) => Number(ids);

    /// <summary>Numbers that already are equal exactly where the ids are.</summary>
    internal static CandidateIds OfCodes(int[] codes) => new(codes);

    private static CandidateIds Number<T>(ReadOnlySpan<T> ids)
        where T : notnull
    {
        var numbers = new Dictionary<T, int>(ids.Length);
        var codes = new int[ids.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, ids[i], out var known);
            number = known ? number : numbers.Count - 1;
            codes[i] = number;
        }

        return new CandidateIds(codes);
    }
}
