using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of its unified embedding: ten rows, tables of ten buckets and width eight.</summary>
public class UnifiedEmbeddingTests
{
    private const int Rows = 10, Buckets = 10, Width = 8;

    private static readonly FeatureBatch Data = new(
        new Column<string>("city", [.. Enumerable.Range(0, Rows).Select(row => $"city {row * 7 % 5}")]),
        new Column<string>("genre", [.. Enumerable.Range(0, Rows).Select(row => $"genre {row * 3 % 4}")]),
        new Column<long>("year", [.. Enumerable.Range(0, Rows).Select(row => 1990L + row)]),
        new Column<long>("history", [.. Enumerable.Range(0, 4 * Rows).Select(i => (long)i % 9)], [.. Enumerable.Range(0, Rows + 1).Select(row => 4 * row)]),
        new Column<long>("ragged", [.. Enumerable.Range(0, 2 * Rows).Select(i => (long)i % 9)], [0, 3, 3, 4, 9, 10, 12, 15, 16, 18, 20]));

    [Fact]
    public void Two_chunks_of_one_table() => Assert.Equal(16, new Tower(Tables(1).Feature("city", Data, chunks: 2)).Dimension);

    [Theory]
    [InlineData("city", "genre", "year")]
    [InlineData("year", "genre", "city")]
    public void Chunks_of_three_tables_go_round_in_the_order_of_features(string first, string second, string third)
    {
        var unified = Tables(3);
        var features = new[] { first, second, third }.Select((column, i) => new Tower(unified.Feature(column, Data, chunks: i + 1))).ToArray();

        Assert.Equal([8, 16, 24], features.Select(tower => tower.Dimension));
        var tables = unified.Tables.Select(table => table.Table!).ToArray();
        Assert.Equal([tables[0]], features[0].Parameters);
        Assert.Equal([tables[1], tables[2]], features[1].Parameters);
        Assert.Equal([tables[0], tables[1], tables[2]], features[2].Parameters);
        Assert.All(tables, table => Assert.Equal([Buckets, Width], table.Value.Shape.ToArray()));
    }

    [Theory]
    [InlineData("history")]
    [InlineData("ragged")]
    public void A_list_gives_the_means_of_its_vectors(string column)
    {
        var unified = Tables(3);
        var tower = new Tower(unified.Feature(column, Data, chunks: 3));

        var embeddings = tower.Embed(Data).Chunk(24).ToArray();

        var lists = Data.Get<long>(column);
        for (var row = 0; row < Rows; row++)
        {
            for (var chunk = 0; chunk < 3; chunk++)
            {
                var vectors = lists.Row(row).ToArray().Select(value => Vector(unified, table: chunk, new Column<long>(column, [value]), chunk)).ToArray();
                var expected = Enumerable.Range(0, Width).Select(i => vectors.Length == 0 ? 0 : vectors.Average(vector => vector[i]));
                Assert.All(expected.Zip(embeddings[row].Skip(chunk * Width)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
            }
        }
    }

    [Fact]
    public void Chunks_stand_in_the_order_of_their_numbers()
    {
        // Ordered as text, chunk 10 would stand third.
        var unified = Tables(1);
        var embeddings = new Tower(unified.Feature("city", Data, chunks: 12)).Embed(Data).Chunk(12 * Width).ToArray();

        for (var chunk = 0; chunk < 12; chunk++)
        {
            var expected = Vector(unified, table: 0, new Column<string>("city", [Data.Get<string>("city").Values[4]]), chunk);
            Assert.Equal(expected, embeddings[4].Skip(chunk * Width).Take(Width));
        }
    }

    [Fact]
    public void Another_feature_or_more_chunks_move_no_bucket_of_a_feature()
    {
        var (alone, beside) = (Tables(1), Tables(1));
        var tower = new Tower(alone.Feature("city", Data, chunks: 2));
        beside.Feature("year", Data, chunks: 5);
        var later = new Tower(beside.Feature("city", Data, chunks: 3));

        Assert.Equal(Hashes(tower), Hashes(later)[..2]);
    }

    [Fact]
    public void Chunks_and_features_hash_independently()
    {
        // Of 1000 values in 50 buckets, a fiftieth of pairs collide; of those, a fiftieth again in another chunk or under another name.
        var values = new Column<long>("x", [.. Enumerable.Range(0, 1000).Select(i => (long)i)]);
        int[] Bins(string name, int chunk) => [.. new Hashing("x", ColumnType.Int64, 50, UnifiedEmbedding.SaltOf(name, chunk)).Encode(new FeatureBatch(values)).Values.Span];
        var first = Bins("city", 0);

        foreach (var second in new[] { Bins("city", 1), Bins("city", 10), Bins("genre", 0) })
        {
            var pairs = from i in Enumerable.Range(0, 1000) from j in Enumerable.Range(0, i) where first[i] == first[j] select second[i] == second[j];
            Assert.InRange(pairs.Average(collides => collides ? 1.0 : 0), 0.5 / 50, 1.5 / 50);
        }
    }

    [Fact]
    public void A_saved_model_predicts_the_same_bits_when_loaded()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var (model, loaded) = (new Embedded(), new Embedded());
            model.Begin(new EncodedData(Data), seed: 3);
            Assert.NotEqual(model.Tower.Embed(Data), loaded.Tower.Embed(Data));

            model.Save(path);
            loaded.Load(path);

            Assert.Equal(model.Tower.Embed(Data), loaded.Tower.Embed(Data));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_feature_is_declared_once()
    {
        var unified = Tables(2);
        Assert.Throws<ArgumentException>(() => unified.Feature("absent", Data));
        unified.Feature("city", Data);

        Assert.Contains("declared already", Assert.Throws<ArgumentException>(() => unified.Feature("city", Data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => unified.Feature("genre", Data, chunks: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnifiedEmbedding(0, 8));

        // The failed declarations took no table: the next feature gets the second.
        var genre = new Tower(unified.Feature("genre", ColumnType.String));
        Assert.Same(Assert.Single(genre.Parameters), unified.Tables[1].Table);
    }

    private static UnifiedEmbedding Tables(int count) => new(Buckets, Width, count);

    private static uint[] Hashes(Tower tower) => [.. tower.Preprocessing.Cast<Hashing>().Select(hashing => hashing.Salt)];

    /// <summary>A table's row for one value, straight from the hash.</summary>
    private static float[] Vector<T>(UnifiedEmbedding unified, int table, Column<T> value, int chunk)
        where T : notnull
    {
        var hashing = new Hashing(value.Schema.Name, new FeatureBatch(value), Buckets, UnifiedEmbedding.SaltOf(value.Schema.Name, chunk));
        var bucket = hashing.Encode(new FeatureBatch(value)).Values.Span[0];
        return unified.Tables[table].Table!.Value.Values.Slice(bucket * Width, Width).ToArray();
    }

    private sealed class Embedded : RecommenderModel
    {
        public Embedded()
        {
            var unified = Tables(2);
            Tower = Use(new Tower(new Concatenate([unified.Feature("city", Data, chunks: 2)], [unified.Feature("ragged", Data)]), new Dense(3)), "unified");
        }

        public Tower Tower { get; }

        protected override Autodiff.Tensor ComputeLoss(Batch batch) => Tower.Forward(batch).Sum();
    }
}
