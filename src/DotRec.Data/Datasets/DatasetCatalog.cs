namespace DotRec.Data;

/// <summary>The public data sets that DotRec can fetch by name. It ships none of them.</summary>
public static class DatasetCatalog
{
    private const string Terms =
        "For research; acknowledge it in publications. No commercial use without permission of GroupLens, University of Minnesota";

    /// <summary>All sets, the smallest first. Lengths and checksums are those that TensorFlow Datasets publishes for the same files.</summary>
    public static IReadOnlyList<Dataset> All { get; } =
    [
        MovieLensSet(
            "ml-latest-small", "MovieLens latest small (2018)", 100_836, 610, 9_742, 978_202,
            "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436", $"{Terms}; may be redistributed under the same terms.", "latest"),
        MovieLensSet(
            "ml-100k", "MovieLens 100K (1998)", 100_000, 943, 1_682, 4_924_029,
            "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229", $"{Terms}; no redistribution.", "100k"),
        MovieLensSet(
            "ml-1m", "MovieLens 1M (2003)", 1_000_209, 6_040, 3_883, 5_917_549,
            "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20", $"{Terms}; no redistribution.", "1m"),
        MovieLensSet(
            "ml-20m", "MovieLens 20M (2015)", 20_000_263, 138_493, 27_278, 198_702_078,
            "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3", $"{Terms}; may be redistributed under the same terms.", "20m"),
        MovieLensSet(
            "ml-25m", "MovieLens 25M (2019)", 25_000_095, 162_541, 62_423, 261_978_986,
            "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa", $"{Terms}; may be redistributed under the same terms.", "25m"),
    ];

    /// <summary>The set of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static Dataset Find(string name) =>
        All.FirstOrDefault(dataset => dataset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"There is no data set '{name}'. The data sets are: {string.Join(", ", All.Select(dataset => dataset.Name))}.", nameof(name));

    private static Dataset MovieLensSet(
        string name, string title, int ratings, int users, int movies, long length, string sha256, string licence, string page) =>
        new(
            name, title, ratings, users, movies, new Uri($"https://files.grouplens.org/datasets/movielens/{name}.zip"), length, sha256, licence,
            new Uri($"https://grouplens.org/datasets/movielens/{page}/"));
}
