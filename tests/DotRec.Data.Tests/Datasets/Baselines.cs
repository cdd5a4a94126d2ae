using System.Numerics.Tensors;

namespace DotRec.Data.Tests;

/// <summary>Two recommenders that need no training, to judge a data set by: share of test rows whose movie is among the first k recommended.</summary>
internal static class Baselines
{
    public static double PopularityHitRate(DataSplit split, int k, bool excludeSeen = false) =>
        HitRate(split, k, excludeSeen, (counts, _) => _ => Array.ConvertAll(counts, count => (float)count));

    /// <summary>Scores a movie by the cosine similarities of its users with those of the movies the user has seen (Sarwar et al., 2001).</summary>
    public static double ItemCosineHitRate(DataSplit split, int k, bool excludeSeen = false) =>
        HitRate(split, k, excludeSeen, (counts, together) =>
        {
            var similarity = together.Select((row, movie) => row.Select((both, other) =>
                both == 0 || other == movie ? 0 : both / MathF.Sqrt((float)counts[movie] * counts[other])).ToArray()).ToArray();
            return seen =>
            {
                var scores = new float[counts.Length];
                foreach (var movie in seen)
                {
                    TensorPrimitives.Add(scores, similarity[movie], scores);
                }

                return scores;
            };
        });

    private static double HitRate(DataSplit split, int k, bool excludeSeen, Func<int[], int[][], Func<List<int>, float[]>> recommender)
    {
        var numbers = split.Train.Get<string>("movie_id").Values.ToArray().Concat(split.Test.Get<string>("movie_id").Values.ToArray())
            .Distinct().Select((id, number) => (id, number)).ToDictionary(pair => pair.id, pair => pair.number);
        var seenBy = ByUser(split.Train, numbers);
        var counts = new int[numbers.Count];
        var together = Array.ConvertAll(counts, _ => new int[counts.Length]);
        foreach (var seen in seenBy.Values)
        {
            foreach (var movie in seen)
            {
                counts[movie]++;
                foreach (var other in seen)
                {
                    together[movie][other]++;
                }
            }
        }

        var score = recommender(counts, together);
        var (hits, rows) = (0, 0);
        foreach (var (user, wanted) in ByUser(split.Test, numbers))
        {
            var seen = seenBy.GetValueOrDefault(user, []);
            var scores = score(seen);
            foreach (var movie in excludeSeen ? seen : [])
            {
                scores[movie] = float.NegativeInfinity;
            }

            var recommended = Enumerable.Range(0, scores.Length).OrderByDescending(movie => scores[movie]).Take(k).ToHashSet();
            hits += wanted.Count(recommended.Contains);
            rows += wanted.Count;
        }

        return (double)hits / rows;
    }

    private static Dictionary<string, List<int>> ByUser(FeatureBatch ratings, Dictionary<string, int> numbers)
    {
        var movies = new Dictionary<string, List<int>>();
        for (var row = 0; row < ratings.RowCount; row++)
        {
            var user = ratings.Get<string>("user_id").Values[row];
            movies.TryAdd(user, []);
            movies[user].Add(numbers[ratings.Get<string>("movie_id").Values[row]]);
        }

        return movies;
    }
}
