using System.Text;

namespace DotRec.Data;

/// <summary>
/// Loads the MovieLens data sets of GroupLens from the zip file as published, or from the folder it was extracted to: 100K, 1M, latest-small and the
/// later sets in their CSV layout. Which one it is shows in its contents.
/// </summary>
/// <remarks>
/// Ids are strings, as names are: they are looked up, never computed with. Harper and Konstan, "The MovieLens Datasets: History and Context", 2015.
/// </remarks>
public static class MovieLens
{
    private const string Unlisted = "(no genres listed)";

    private static readonly Dictionary<string, string> HeaderNames = new(StringComparer.Ordinal)
    {
        ["user_id"] = "userId",
        ["movie_id"] = "movieId",
        ["movie_title"] = "title",
        ["genres"] = "genres",
        ["rating"] = "rating",
        ["timestamp"] = "timestamp",
    };

    private static readonly string[] Genres1998 =
    [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
        "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    // The codes of the 1M set, in the order of its README.
    private static readonly string[] Occupations2003 =
    [
        "other", "academic/educator", "artist", "clerical/admin", "college/grad student", "customer service", "doctor/health care",
        "executive/managerial", "farmer", "homemaker", "K-12 student", "lawyer", "programmer", "retired", "sales/marketing", "scientist",
        "self-employed", "technician/engineer", "tradesman/craftsman", "unemployed", "writer",
    ];

    /// <summary>All tables of a set.</summary>
    /// <inheritdoc cref="LoadRatings" path="/param"/>
    /// <inheritdoc cref="LoadRatings" path="/exception"/>
    public static MovieLensData Load(string path) =>
        new(LoadRatings(path), LoadMovies(path), MovieLensLayout.Detect(new DataArchive(path)).Users is null ? null : LoadUsers(path));

    /// <summary>One row a rating, in file order: user_id, movie_id and movie_title (strings), rating (float32), timestamp (int64, Unix seconds).</summary>
    /// <param name="path">The zip file or folder. A copy whose ratings have three fields only gives no timestamp column.</param>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="DataFormatException">It is no MovieLens set, or a file in it is broken; the message names file, line and column.</exception>
    public static FeatureBatch LoadRatings(string path)
    {
        var archive = new DataArchive(path);
        var layout = MovieLensLayout.Detect(archive);
        var file = layout.TryFindRatings(archive)!;
        ColumnSchema[] columns =
            [new("user_id", ColumnType.String), new("movie_id", ColumnType.String), new("rating", ColumnType.Float32), new("timestamp", ColumnType.Int64)];
        if (file.Name.EndsWith(MovieLensLayout.RatingsWithoutTimes, StringComparison.Ordinal))
        {
            columns = columns[..^1];
        }

        var ratings = Read(file, layout, layout.Delimiter, encoding: null, columns);
        var titles = ReadMovies(archive, layout).SelectColumns("movie_id", "movie_title");
        return ratings.Join(titles, on: "movie_id").SelectColumns(["user_id", "movie_id", "movie_title", .. columns[2..].Select(column => column.Name)]);
    }

    /// <summary>One row a movie, in file order: movie_id, movie_title (strings), genres (jagged strings; empty when none is listed).</summary>
    /// <remarks>Different movies may bear one title: <c>DistinctBy("movie_title")</c> keeps the first of each.</remarks>
    /// <inheritdoc cref="LoadRatings" path="/param"/>
    /// <inheritdoc cref="LoadRatings" path="/exception"/>
    public static FeatureBatch LoadMovies(string path)
    {
        var archive = new DataArchive(path);
        return ReadMovies(archive, MovieLensLayout.Detect(archive));
    }

    /// <summary>One row a user, in file order: user_id (string), age (int64), gender, occupation and zip_code (strings).</summary>
    /// <remarks>The 1M set gives the first year of an age group (1, 18, 25, 35, 45, 50, 56); its occupation codes are given as their names.</remarks>
    /// <inheritdoc cref="LoadRatings" path="/param"/>
    /// <inheritdoc cref="LoadRatings" path="/exception"/>
    public static FeatureBatch LoadUsers(string path)
    {
        var archive = new DataArchive(path);
        var layout = MovieLensLayout.Detect(archive);
        var file = archive.Find(
            layout.Users ?? throw new DataFormatException(path, "this MovieLens set has no file of users; the 100K and 1M sets have one."));
        ColumnSchema id = new("user_id", ColumnType.String), age = new("age", ColumnType.Int64), gender = new("gender", ColumnType.String),
            occupation = new("occupation", ColumnType.String), zipCode = new("zip_code", ColumnType.String);
        if (layout == MovieLensLayout.Columns1998)
        {
            return Read(file, layout, layout.MovieDelimiter, layout.Encoding, id, age, gender, occupation, zipCode);
        }

        var users = Read(
            file, layout, layout.MovieDelimiter, layout.Encoding, id, gender, age, occupation with { Type = ColumnType.Int64 }, zipCode);
        var codes = users.Get<long>("occupation").Values;
        var names = new string[codes.Length];
        for (var row = 0; row < names.Length; row++)
        {
            names[row] = codes[row] is >= 0 and < 21
                ? Occupations2003[codes[row]]
                : throw new DataFormatException(file.Name, row + 1, 4, "occupation", $"'{codes[row]}'", "a code of 0 … 20");
        }

        return users.With(new Column<string>("occupation", names)).SelectColumns("user_id", "age", "gender", "occupation", "zip_code");
    }

    private static FeatureBatch ReadMovies(DataArchive archive, MovieLensLayout layout)
    {
        var file = archive.Find(layout.Movies);
        ColumnSchema id = new("movie_id", ColumnType.String), title = new("movie_title", ColumnType.String);
        if (layout == MovieLensLayout.Columns1998)
        {
            // id | title | release date | video release date | address | one 0 or 1 for each genre
            var table = Read(
                file, layout, layout.MovieDelimiter, layout.Encoding,
                [id, title, new("release", ColumnType.String), new("video", ColumnType.String), new("address", ColumnType.String),
                    .. Genres1998.Select(genre => new ColumnSchema(genre, ColumnType.Int64))]);
            return table.SelectColumns("movie_id", "movie_title").With(FlaggedGenres(table));
        }

        var movies = Read(file, layout, layout.MovieDelimiter, layout.Encoding, id, title, new("genres", ColumnType.String, IsJagged: true));
        return movies.With(WithoutUnlisted(movies.Get<string>("genres")));
    }

    private static Column<string> FlaggedGenres(FeatureBatch table)
    {
        var (values, offsets) = (new List<string>(), new List<int> { 0 });
        for (var row = 0; row < table.RowCount; row++)
        {
            values.AddRange(Genres1998.Where(genre => table.Get<long>(genre).Values[row] != 0));
            offsets.Add(values.Count);
        }

        return new Column<string>("genres", [.. values], [.. offsets]);
    }

    private static Column<string> WithoutUnlisted(Column<string> genres)
    {
        var (values, offsets) = (new List<string>(), new List<int> { 0 });
        for (var row = 0; row < genres.RowCount; row++)
        {
            foreach (var genre in genres.Row(row))
            {
                if (genre != Unlisted)
                {
                    values.Add(genre);
                }
            }

            offsets.Add(values.Count);
        }

        return new Column<string>("genres", [.. values], [.. offsets]);
    }

    private static FeatureBatch Read(DataFile file, MovieLensLayout layout, string delimiter, Encoding? encoding, params ColumnSchema[] columns)
    {
        var fileNames = Array.ConvertAll(columns, column => layout.HasHeader ? HeaderNames[column.Name] : column.Name);
        var table = Csv.Read(file, new CsvOptions
        {
            Delimiter = delimiter,
            Header = layout.HasHeader ? null : fileNames,
            Columns = fileNames,
            Schema = [.. columns.Select((column, i) => column with { Name = fileNames[i] })],
            Quotes = layout.HasHeader,
            Encoding = encoding,
        });
        return new FeatureBatch([.. table.Columns.Select((column, i) => column.Rename(columns[i].Name))]);
    }
}
