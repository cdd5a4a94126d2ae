using System.Runtime.InteropServices;
using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Finds rows of the test that the training has too, word for word: figures on them tell how well a model remembers.</summary>
internal static class RepeatedRows
{
    // Each row is one of 2^64 hashes: by chance none in a billion pairs of rows agree.
    private const ulong Factor = 0x9E3779B97F4A7C15;

    // From this share of test rows on, copies of training rows decide the figures.
    private const double DecidingShare = 0.1;

    /// <summary>True where so many of the test rows are copies that they decide the figures.</summary>
    public static bool Decide(int repeated, int held) => held > 0 && repeated >= DecidingShare * held;

    /// <summary>How many rows of <paramref name="held"/> have the same values in all columns as some row of <paramref name="train"/>.</summary>
    public static int Count(FeatureBatch train, FeatureBatch held, IReadOnlyList<string> columns)
    {
        var known = new HashSet<ulong>(Hashes(train, columns));
        return Hashes(held, columns).Count(known.Contains);
    }

    /// <summary>A hash of each row's values in the named columns: rows of equal values have equal ones.</summary>
    public static ulong[] Hashes(FeatureBatch data, IReadOnlyList<string> columns)
    {
        var hashes = new ulong[data.RowCount];
        foreach (var name in columns)
        {
            for (var row = 0; row < hashes.Length; row++)
            {
                hashes[row] = Mix(hashes[row], 0);
                switch (data[name])
                {
                    case Column<string> texts:
                        foreach (var text in texts.Row(row))
                        {
                            foreach (var character in text)
                            {
                                hashes[row] = Mix(hashes[row], character);
                            }

                            hashes[row] = Mix(hashes[row], ulong.MaxValue);
                        }

                        break;
                    case Column<long> integers:
                        foreach (var value in integers.Row(row))
                        {
                            hashes[row] = Mix(hashes[row], (ulong)value);
                        }

                        break;
                    case Column<double> numbers:
                        foreach (var bits in MemoryMarshal.Cast<double, ulong>(numbers.Row(row)))
                        {
                            hashes[row] = Mix(hashes[row], bits);
                        }

                        break;
                    case Column<float> numbers:
                        foreach (var bits in MemoryMarshal.Cast<float, uint>(numbers.Row(row)))
                        {
                            hashes[row] = Mix(hashes[row], bits);
                        }

                        break;
                }
            }
        }

        return hashes;
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ (value + Factor)) * Factor;
        return hash ^ (hash >> 29);
    }
}
