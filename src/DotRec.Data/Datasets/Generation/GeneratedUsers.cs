using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Users with age, gender, occupation, home, taste and habits of rating.</summary>
internal sealed class GeneratedUsers
{
    private const double GroupShare = 0.35;

    private static readonly WeightedWords Occupations = new(
        ("student", 20), ("other", 11), ("educator", 10), ("administrator", 8), ("engineer", 7), ("programmer", 7), ("librarian", 5), ("writer", 5),
        ("executive", 4), ("scientist", 4), ("artist", 3), ("technician", 3), ("marketing", 3), ("entertainment", 2), ("healthcare", 2), ("retired", 2),
        ("lawyer", 1), ("salesman", 1), ("none", 1), ("homemaker", 1), ("doctor", 1));

    private readonly string[] _ids;
    private readonly long[] _ages;
    private readonly string[] _genders;
    private readonly string[] _occupations;
    private readonly string[] _zipCodes;

    public GeneratedUsers(int count, TasteSpace space, SeededRandom random)
    {
        Count = count;
        _ids = new string[count];
        _ages = new long[count];
        _genders = new string[count];
        _occupations = new string[count];
        _zipCodes = new string[count];
        Taste = new double[count][];
        Habit = new double[count];
        Activity = new double[count];
        for (var user = 0; user < count; user++)
        {
            _ids[user] = (user + 1).ToString(CultureInfo.InvariantCulture);
            _occupations[user] = Occupations.Draw(random);
            _ages[user] = _occupations[user] switch
            {
                "student" => 15 + random.NextInt(14),
                "retired" => 56 + random.NextInt(18),
                _ => 20 + (int)Math.Min(50, 15 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))),
            };
            _genders[user] = random.NextDouble() < 0.71 ? "M" : "F";
            _zipCodes[user] = random.NextInt(100_000).ToString("D5", CultureInfo.InvariantCulture);
            Taste[user] = space.Mix([$"age {Math.Min(_ages[user] / 10, 6)}0", _genders[user], _occupations[user]], GroupShare, random);
            Habit[user] = 0.38 * random.NextNormal();
            Activity[user] = Math.Exp(1.15 * random.NextNormal());
        }
    }

    public int Count { get; }

    /// <summary>Unit vectors of the taste space.</summary>
    public double[][] Taste { get; }

    /// <summary>Stars a user gives above or below the mean.</summary>
    public double[] Habit { get; }

    /// <summary>How much a user rates, in proportion: log-normal.</summary>
    public double[] Activity { get; }

    public string Id(int user) => _ids[user];

    public FeatureBatch Table() => new(
        new Column<string>("user_id", _ids),
        new Column<long>("age", _ages),
        new Column<string>("gender", _genders),
        new Column<string>("occupation", _occupations),
        new Column<string>("zip_code", _zipCodes));
}
