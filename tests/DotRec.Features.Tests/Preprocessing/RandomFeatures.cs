using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Features.Tests;

/// <summary>Random rows with one column of every kind, full of what breaks text and number handling.</summary>
internal sealed class RandomFeatures(ulong seed)
{
    private static readonly string[] Words =
    [
        "Toy", "toy", "story", "Story,", "don't", "DON'T", "(1995)", "1995", "the", "The", "--", "état", "ÉTAT", "straße", "Ωμέγα", "ΩΜΈΓΑ", "İstanbul",
        "ЖУК", "жук", "東京", "🎬", "𐐀𐐨", "a\0b", "\uD800", "x\uDC00y", "\uFFFD", "e\u0301", "!?", "¡qué!", "\u2019", "A", "a", "aa", "aaa", "b-c", "_",
    ];

    private static readonly string[] Spaces = [" ", "  ", "\t", "\r\n", "\u00A0", "\u3000", "\u2028", "\v", "\u0085", " \t "];

    private readonly SeededRandom _random = new(seed);

    /// <summary>Rows to adapt to: some numbers are missing, none is infinite.</summary>
    public FeatureBatch Known(int rows) => Rows(rows, finite: true);

    /// <summary>Rows to encode: known and unknown values, extremes, infinities.</summary>
    public FeatureBatch Any(int rows) => Rows(rows, finite: false);

    private FeatureBatch Rows(int rows, bool finite) => new(
        new Column<string>("text", Fill(rows, Text)),
        Jagged("texts", rows, Text),
        new Column<string>("title", Fill(rows, Title)),
        new Column<long>("integer", Fill(rows, Integer)),
        Jagged("integers", rows, Integer),
        new Column<float>("number", Fill(rows, () => Number(finite))),
        new Column<double>("wide", Fill(rows, () => Wide(finite))),
        new Column<float>("constant", Fill(rows, () => finite ? 0.1f : Number(finite))),
        new Column<float>("label", Fill(rows, () => (float)_random.NextInt(2))));

    private static T[] Fill<T>(int count, Func<T> draw)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = draw();
        }

        return values;
    }

    private Column<T> Jagged<T>(string name, int rows, Func<T> draw)
        where T : notnull
    {
        var offsets = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            offsets[row + 1] = offsets[row] + _random.NextInt(4);
        }

        return new Column<T>(name, Fill(offsets[rows], draw), offsets);
    }

    private string Text() => _random.NextInt(12) switch
    {
        0 => "",
        1 => Title(),
        2 => new string('x', 300 + _random.NextInt(3000)),
        3 => "unknown " + _random.NextInt(1000),
        _ => Words[_random.NextInt(Words.Length)],
    };

    private string Title()
    {
        var words = _random.NextInt(40) == 0 ? 400 : _random.NextInt(9);
        return string.Concat(Fill(words, () => Words[_random.NextInt(Words.Length)] + Spaces[_random.NextInt(_random.NextInt(2) == 0 ? 1 : Spaces.Length)]));
    }

    private long Integer() => _random.NextInt(6) switch
    {
        0 => (long)_random.NextBits(),
        1 => long.MinValue + _random.NextInt(2),
        2 => long.MaxValue - _random.NextInt(2),
        3 => (1L << 53) + _random.NextInt(3),
        _ => _random.NextInt(40) - 20,
    };

    private double Wide(bool finite) => _random.NextInt(6) switch
    {
        0 => Number(finite),
        1 => finite ? 1e150 : double.MaxValue,
        2 => finite ? -1e150 : double.NegativeInfinity,
        3 => double.Epsilon,
        _ => 1511602859 + (_random.NextInt(2000) / 1000.0),
    };

    private float Number(bool finite) => _random.NextInt(12) switch
    {
        0 => float.NaN,
        1 => finite ? 0f : float.PositiveInfinity,
        2 => finite ? -0f : float.NegativeInfinity,
        3 => finite ? 1e9f : float.MaxValue,
        4 => -0f,
        5 => float.Epsilon,
        6 => finite ? -1e9f : float.MinValue,
        7 or 8 => _random.NextInt(5),
        _ => (float)(_random.NextNormal() * 10),
    };
}
