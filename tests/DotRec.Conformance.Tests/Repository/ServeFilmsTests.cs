using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>
/// The ASP.NET Core sample under load: eight clients ask, upsert, delete and filter while versions are trained and come into service. Every answer is
/// checked. A minute in CI, where nobody waits for it; ten seconds elsewhere.
/// </summary>
public sealed class ServeFilmsTests : IDisposable
{
    private const int Clients = 8;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("CI") == "true" ? 60 : 10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The server is to be asked at the same time by all, not to take the processor from other tests.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, bool> _gone = new(StringComparer.Ordinal);
    private HttpClient _http = new();
    private long _requests;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_answer_is_wrong_while_items_and_versions_change()
    {
        var (sample, address) = await RunningSample.StartAsync("ServeFilms", _folder["films"], Patience);
        using (sample)
        {
            _http = new HttpClient { BaseAddress = address, Timeout = Patience };
            foreach (var nothing in (string[])["{}", "null", """{"title": "x", "genres": [null]}"""])
            {
                using var refused = await _http.PutAsync(new Uri("films/x", UriKind.Relative), new StringContent(nothing, null, "application/json"), Cancellation);
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            }

            using var ended = new CancellationTokenSource(Duration);
            var versions = TrainAsync(ended.Token);
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(client, ended.Token), Cancellation)));
            TestContext.Current.TestOutputHelper?.WriteLine($"{_requests} requests, {await versions} versions");
            Assert.InRange(await versions, 2, int.MaxValue);
            Assert.InRange(_requests, 100 * Clients, long.MaxValue);
            Assert.DoesNotContain("fail:", sample.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("warn:", sample.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>Trains versions one after the other, each in service before the next is begun; returns the last one's number.</summary>
    private async Task<int> TrainAsync(CancellationToken ended)
    {
        var last = 1;
        do
        {
            using var trained = await _http.PostAsync(new Uri("versions", UriKind.Relative), null, Cancellation);
            Assert.Equal(HttpStatusCode.Created, trained.StatusCode);
            last++;
            var waited = Stopwatch.StartNew();
            while (await _http.GetFromJsonAsync<Status>("versions", Cancellation) is var status && status!.Version != $"{last}")
            {
                Assert.Null(status.Problem);
                Assert.True(waited.Elapsed < Patience, $"version {last} is not served");
                await Task.Delay(50, Cancellation);
            }
        }
        while (!ended.IsCancellationRequested);

        return last;
    }

    /// <summary>A client with films and a genre of its own: what it is answered about them is what it did to them, whatever others do.</summary>
    private async Task AskAsync(int client, CancellationToken ended)
    {
        var random = new SeededRandom((ulong)client);
        var genre = $"genre {client}";
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        var lastVersion = 1;
        for (var turn = 0; !ended.IsCancellationRequested; turn++)
        {
            await Task.Delay(Pause, Cancellation);
            var id = $"{client}-{random.NextInt(30)}";
            switch (random.NextInt(6))
            {
                case 0:
                    own[id] = $"title {turn}";
                    await SendAsync(HttpMethod.Put, id, JsonContent.Create(new { title = own[id], genres = new[] { genre, "Drama" } }));
                    break;
                case 1:
                    own.Remove(id);
                    await SendAsync(HttpMethod.Delete, id);
                    break;
                case 2 when _gone.Count < 200:
                    // One of the 1,682 films that the sample begins with, for all clients.
                    id = $"{1 + (random.NextInt(1682 / Clients) * Clients) + client}";
                    await SendAsync(HttpMethod.Delete, id);
                    _gone[id] = true;
                    break;
                case 3:
                    Check(await FilmsAsync("Drama", 10), film => Assert.Contains("Drama", film.Genres), 10);
                    break;
                case 4:
                    Check(await FilmsAsync(null, 20), _ => { }, 20);
                    break;
                default:
                    var answer = await FilmsAsync(genre, 100);
                    Check(answer, film => Assert.Contains(genre, film.Genres), own.Count);
                    Assert.Equal(own.OrderBy(film => film.Key, StringComparer.Ordinal), answer.Films.Select(film => KeyValuePair.Create(film.Id, film.Title)).OrderBy(film => film.Key, StringComparer.Ordinal));
                    break;
            }
        }

        async Task SendAsync(HttpMethod method, string id, HttpContent? content = null)
        {
            using var request = new HttpRequestMessage(method, new Uri($"films/{id}", UriKind.Relative)) { Content = content };
            using var response = await _http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Interlocked.Increment(ref _requests);
        }

        async Task<Answer> FilmsAsync(string? of, int k)
        {
            // Only what was gone before the question may not be in the answer.
            var gone = _gone.Keys.ToHashSet(StringComparer.Ordinal);
            var answer = await _http.GetFromJsonAsync<Answer>($"users/{1 + random.NextInt(943)}/films?k={k}{(of is null ? "" : "&genre=" + Uri.EscapeDataString(of))}", Cancellation);
            Interlocked.Increment(ref _requests);
            Assert.DoesNotContain(answer!.Films, film => gone.Contains(film.Id));
            return answer;
        }

        void Check(Answer answer, Action<Film> check, int count)
        {
            var version = int.Parse(answer.Version, CultureInfo.InvariantCulture);
            Assert.True(version >= lastVersion, $"version {version} answers after {lastVersion}");
            lastVersion = version;
            Assert.Equal(count, answer.Films.Length);
            Assert.Equal(count, answer.Films.Select(film => film.Id).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(answer.Films.OrderByDescending(film => film.Score), answer.Films);
            Assert.All(answer.Films, check);
        }
    }

    private sealed record Answer(string Version, Film[] Films);

    private sealed record Film(string Id, string Title, string[] Genres, float Score);

    private sealed record Status(string? Version, string? Problem);
}
