using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>The space that tastes of users and characters of movies live in: a direction for each genre, age group, gender and occupation.</summary>
internal sealed class TasteSpace
{
    /// <summary>Directions of taste: few enough to be learned from the hundred ratings a user gives.</summary>
    public const int Dimension = 8;

    private readonly SeededRandom _random;
    private readonly Dictionary<string, double[]> _directions = new(StringComparer.Ordinal);

    public TasteSpace(SeededRandom random) => _random = random;

    /// <summary>The direction of a word; drawn when it is first asked for.</summary>
    public double[] Direction(string word)
    {
        if (!_directions.TryGetValue(word, out var direction))
        {
            direction = Unit(Normals(_random));
            _directions.Add(word, direction);
        }

        return direction;
    }

    /// <summary>A unit vector: the mean direction of the words for the given share, the rest drawn.</summary>
    public double[] Mix(IReadOnlyList<string> words, double share, SeededRandom random)
    {
        var common = new double[Dimension];
        foreach (var word in words)
        {
            var direction = Direction(word);
            for (var i = 0; i < Dimension; i++)
            {
                common[i] += direction[i];
            }
        }

        common = Unit(common);
        var own = Unit(Normals(random));
        for (var i = 0; i < Dimension; i++)
        {
            own[i] = (Math.Sqrt(share) * common[i]) + (Math.Sqrt(1 - share) * own[i]);
        }

        return Unit(own);
    }

    /// <summary>Inner product scaled to a standard deviation of 1 between independent unit vectors.</summary>
    public static double Affinity(double[] user, double[] movie)
    {
        var sum = 0.0;
        for (var i = 0; i < Dimension; i++)
        {
            sum += user[i] * movie[i];
        }

        return Math.Sqrt(Dimension) * sum;
    }

    private static double[] Normals(SeededRandom random)
    {
        var values = new double[Dimension];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextNormal();
        }

        return values;
    }

    private static double[] Unit(double[] vector)
    {
        var length = 0.0;
        foreach (var value in vector)
        {
            length += value * value;
        }

        return Array.ConvertAll(vector, value => value / Math.Sqrt(length));
    }
}
