namespace DotRec.Autodiff;

/// <summary>Splits work into parts whose number depends on the work only, never on the threads, so that results have the same bits.</summary>
internal static class Partition
{
    private const int MostParts = 64;

    /// <summary>Values a part should have: a few microseconds of work, so that handing it to another thread pays.</summary>
    private const int ValuesPerPart = 1 << 15;

    public static int Count(long values, int units) => (int)Math.Clamp(values / ValuesPerPart, 1, Math.Clamp(units, 1, MostParts));

    /// <summary>Units of one part: start included, end not.</summary>
    public static (int Start, int End) Range(int part, int parts, int units) => ((int)((long)units * part / parts), (int)((long)units * (part + 1) / parts));
}
