#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:project ../src/DotRec.Pipelines
#:project ../src/DotRec.Serving
#:package Microsoft.ML.OnnxRuntime

using System.Collections.Concurrent;
using DotRec.Data;
using DotRec.Pipelines;
using DotRec.Serving;

var builder = WebApplication.CreateBuilder(args);
var models = builder.Configuration["models"] ?? "models/served-films";
using var shop = new Shop(models);
if (!Directory.Exists(models))
{
    Console.WriteLine($"training the first version, into {Path.GetFullPath(models)}");
    await shop.TrainAsync();
}

// The newest version in the folder answers; one that is loaded gets what changed since it was trained, before it answers
builder.Services.AddDotRec(options =>
{
    options.Directory = models;
    options.PollingInterval = TimeSpan.FromSeconds(1);
    options.Prepare = (model, cancellationToken) => Task.Run(() => shop.BringUpToDate(model), cancellationToken);
});
var app = builder.Build();

// GET /users/42/films?genre=Drama&k=5: a lease is one version for the whole request
app.MapGet("/users/{user}/films", (string user, string? genre, int? k, ModelHost host) =>
{
    using var lease = host.Rent();
    var model = lease.Recommender;
    var filter = genre is null ? null : model.Items.Where<string[]>("genres", genres => genres.Contains(genre));
    var films = model.Recommend(new { user_id = user }, new RecommendOptions { K = Math.Clamp(k ?? 10, 1, 100), Filter = filter });
    return new Answer(lease.Version, [.. films.Select(film => new Answer.Film(film.ItemId.ToString(), film.Get<string>("movie_title"), film.Get<string[]>("genres"), film.Score))]);
});

// PUT /films/9001 {"title": "…", "genres": ["Drama"]}: the item tower embeds a film that nobody has seen yet by its genres
app.MapPut("/films/{id}", (string id, Details details, ModelHost host) =>
{
    if (details is not { Title: { } title, Genres: { } genres } || Array.Exists(genres, genre => genre is null))
    {
        return Results.BadRequest("A film has a title and a list of genres: {\"title\": \"…\", \"genres\": [\"Drama\"]}.");
    }

    var film = new Film(id, title, genres);
    shop.Films[id] = film;
    host.Change(model => model.UpsertItems([film]));
    return Results.Ok();
});

app.MapDelete("/films/{id}", (string id, ModelHost host) =>
{
    shop.Films[id] = null;
    host.Change(model => model.DeleteItems(id));
});

// POST /versions: trains on the films of now and saves a new version, which comes into service within a second
app.MapPost("/versions", async (CancellationToken cancellationToken) => Results.Created("/versions", await shop.TrainAsync(cancellationToken)));
app.MapGet("/versions", (ModelHost host) => host.Status);
app.Run();

/// <summary>Stands for the database: who watched what, and the films there are; null for one that was taken out.</summary>
sealed class Shop : IDisposable
{
    private readonly string _models;
    private readonly FeatureBatch _watched;
    private readonly SemaphoreSlim _training = new(1);

    public Shop(string models)
    {
        _models = models;
        (_watched, var movies, _) = new MovieLensGenerator().Generate();
        var (ids, titles, genres) = (movies.Get<string>("movie_id"), movies.Get<string>("movie_title"), movies.Get<string>("genres"));
        Films = new(Enumerable.Range(0, movies.RowCount).Select(row => KeyValuePair.Create(ids.Values[row], (Film?)new Film(ids.Values[row], titles.Values[row], genres.Row(row).ToArray()))));
    }

    public ConcurrentDictionary<string, Film?> Films { get; }

    /// <summary>Trains and saves the next version, one at a time; returns its name.</summary>
    public async Task<string> TrainAsync(CancellationToken cancellationToken = default)
    {
        await _training.WaitAsync(cancellationToken);
        try
        {
            var versions = Directory.CreateDirectory(_models).EnumerateDirectories().Select(folder => int.TryParse(folder.Name, out var number) ? number : 0);
            var next = $"{versions.Append(0).Max() + 1}";
            await TrainAsync(Path.Combine(_models, next), cancellationToken);
            return next;
        }
        finally
        {
            _training.Release();
        }
    }

    public void Dispose() => _training.Dispose();

    public void BringUpToDate(Recommender model)
    {
        model.UpsertItems(Films.Values.OfType<Film>());
        model.DeleteItems([.. Films.Where(film => film.Value is null).Select(film => film.Key)]);
    }

    private async Task TrainAsync(string folder, CancellationToken cancellationToken)
    {
        var catalogue = FeatureBatch.From(
            Films.Values.OfType<Film>(), [new("movie_id", ColumnType.String), new("movie_title", ColumnType.String), new("genres", ColumnType.String, IsJagged: true)]);
        var pipeline = new RetrievalPipeline(new RetrievalPipelineOptions { QueryId = "user_id", ItemId = "movie_id", ItemFeatures = ["genres"], Model = RetrievalModelKind.TwoTower });
        using var result = await pipeline.RunAsync(_watched, catalogue, cancellationToken: cancellationToken);
        await result.SaveAsync(folder, cancellationToken);
    }
}

sealed record Film(string MovieId, string MovieTitle, string[] Genres);

sealed record Details(string? Title, string[]? Genres);

sealed record Answer(string Version, Answer.Film[] Films)
{
    public sealed record Film(string Id, string Title, string[] Genres, float Score);
}
