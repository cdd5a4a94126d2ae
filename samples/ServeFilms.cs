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
var shop = new Shop();
if (!Directory.Exists(models))
{
    await shop.TrainAsync(Path.Combine(models, "1"));
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
app.MapPut("/films/{id}", (string id, Details film, ModelHost host) =>
{
    shop.Films[id] = new Film(id, film.Title, film.Genres);
    host.Change(model => model.UpsertItems([new Film(id, film.Title, film.Genres)]));
});

app.MapDelete("/films/{id}", (string id, ModelHost host) =>
{
    shop.Films[id] = null;
    host.Change(model => model.DeleteItems(id));
});

// POST /versions: trains on the films of now and saves a new version, which comes into service within a second
app.MapPost("/versions", async (ModelHost host, CancellationToken cancellationToken) =>
{
    var version = $"{int.Parse(host.Status.Version ?? "0") + 1}";
    await shop.TrainAsync(Path.Combine(models, version), cancellationToken);
    return Results.Created("/versions/" + version, version);
});
app.MapGet("/versions", (ModelHost host) => host.Status);
app.Run();

/// <summary>Stands for the database: who watched what, and the films there are; null for one that was taken out.</summary>
sealed class Shop
{
    private readonly FeatureBatch _watched;

    public Shop()
    {
        (_watched, var movies, _) = new MovieLensGenerator().Generate();
        var (ids, titles, genres) = (movies.Get<string>("movie_id"), movies.Get<string>("movie_title"), movies.Get<string>("genres"));
        Films = new(Enumerable.Range(0, movies.RowCount).Select(row => KeyValuePair.Create(ids.Values[row], (Film?)new Film(ids.Values[row], titles.Values[row], genres.Row(row).ToArray()))));
    }

    public ConcurrentDictionary<string, Film?> Films { get; }

    public async Task TrainAsync(string folder, CancellationToken cancellationToken = default)
    {
        var catalogue = FeatureBatch.From(
            Films.Values.OfType<Film>(), [new("movie_id", ColumnType.String), new("movie_title", ColumnType.String), new("genres", ColumnType.String, IsJagged: true)]);
        var pipeline = new RetrievalPipeline(new RetrievalPipelineOptions { QueryId = "user_id", ItemId = "movie_id", ItemFeatures = ["genres"] });
        using var result = await pipeline.RunAsync(_watched, catalogue, cancellationToken: cancellationToken);
        await result.SaveAsync(folder, cancellationToken);
    }

    public void BringUpToDate(Recommender model)
    {
        model.UpsertItems(Films.Values.OfType<Film>());
        model.DeleteItems([.. Films.Where(film => film.Value is null).Select(film => film.Key)]);
    }
}

sealed record Film(string MovieId, string MovieTitle, string[] Genres);

sealed record Details(string Title, string[] Genres);

sealed record Answer(string Version, Answer.Film[] Films)
{
    public sealed record Film(string Id, string Title, string[] Genres, float Score);
}
