using CsCheck;
using DotRec.Data;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.EndToEnd.Tests;

public sealed class ServedTowerTests : IDisposable
{
    private readonly Dictionary<Tower, ServedModel> _served = [];
    private readonly Dictionary<Tower, ServedModel> _whole = []; // in one piece, as other languages get it

    public void Dispose() => _served.Values.Concat(_whole.Values).ToList().ForEach(model => model.Dispose());

    private static readonly string[] Known = ["", "1", "17", "é", "Drama", "M", "The Last Summer (1995)", "the THE  the!", "\t", "𝒳"];

    [Fact]
    public void A_served_query_tower_gives_what_the_trained_one_gives() =>
        Agree(TrainedTowers.Model.QueryTower, TrainedTowers.Ratings);

    [Fact]
    public void A_served_item_tower_gives_what_the_trained_one_gives() =>
        Agree(TrainedTowers.Model.ItemTower, TrainedTowers.Data.Movies);

    [Fact]
    public void Towers_agree_on_values_they_have_never_met()
    {
        var text = Gen.OneOf(Gen.String, Gen.Int[0, Known.Length - 1].Select(i => Known[i]));
        Gen.Select(text, text, text, text.Array[0, 6], Gen.Long[-3, 200], Gen.Long).List[1, 9].Sample(
            rows =>
            {
                FeatureBatch queries = new(
                    new Column<string>("user_id", [.. rows.Select(row => row.Item1)]),
                    new Column<long>("age", [.. rows.Select(row => row.Item5)]),
                    new Column<long>("timestamp", [.. rows.Select(row => row.Item6)]),
                    new Column<string>("zip_code", [.. rows.Select(row => row.Item2)]),
                    new Column<string>("gender", [.. rows.Select(row => row.Item3)]),
                    new Column<string>("occupation", [.. rows.Select(row => row.Item1)]));
                Agree(TrainedTowers.Model.QueryTower, queries);
                int[] offsets = [0, .. rows.Select((_, i) => rows.Take(i + 1).Sum(row => row.Item4.Length))];
                FeatureBatch items = new(
                    new Column<string>("movie_id", [.. rows.Select(row => row.Item1)]),
                    new Column<string>("movie_title", [.. rows.Select(row => row.Item2)]),
                    new Column<string>("genres", [.. rows.SelectMany(row => row.Item4)], offsets));
                Agree(TrainedTowers.Model.ItemTower, items);
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void A_served_tower_tells_which_values_are_in_its_vocabulary()
    {
        using var model = ServedModel.OfTower(StoredModel.InMemory(TrainedTowers.Model.ItemTower.Export()), "query");
        Assert.Equal(["movie_id"], model.Signature.KnownFeatures);
        var call = model.Rent();
        foreach (var id in new[] { "1", "nobody's", TrainedTowers.Data.Movies.Get<string>("movie_id").Values[^1] })
        {
            model.Reader.Add(new { movie_id = id, movie_title = "", genres = Array.Empty<string>() }, call.Features);
        }

        call.Run();
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(row => call.IsKnown(0, row)));
        model.Return(call);
    }

    /// <summary>In one call of all rows, and for the first rows in a call each.</summary>
    private void Agree(Tower tower, FeatureBatch rows)
    {
        if (!_served.TryGetValue(tower, out var model))
        {
            var exported = StoredModel.InMemory(tower.Export());
            _served.Add(tower, model = ServedModel.OfTower(exported, "query"));
            _whole.Add(tower, ServedModel.OfTower(StoredModel.InMemory(exported.Export()), "query"));
        }

        var trained = tower.Embed(rows);
        var call = model.Rent();
        model.Reader.AddColumns(model.Reader.Find(rows), 0, rows.RowCount, call.Features);
        call.Run();
        Close(trained, call.Output);
        model.Return(call);
        Close(trained, _whole[tower].EmbedAll(rows));
        for (var row = 0; row < Math.Min(rows.RowCount, 5); row++)
        {
            var single = tower.Inputs.ToDictionary(input => input.Name, input => rows[input.Name].ValueOf(row));
            Close(trained.AsSpan(row * tower.Dimension, tower.Dimension), model.Embed(single));
        }
    }

    private static void Close(ReadOnlySpan<float> trained, ReadOnlySpan<float> served)
    {
        Assert.Equal(trained.Length, served.Length);
        for (var i = 0; i < trained.Length; i++)
        {
            Assert.Equal(trained[i], served[i], 1e-5f);
        }
    }
}
