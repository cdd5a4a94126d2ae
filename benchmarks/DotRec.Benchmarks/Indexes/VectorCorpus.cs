using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>What an index is measured on: items, queries, and how they are scored.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Items">Shape [N, D].</param>
/// <param name="Queries">Shape [Q, D].</param>
/// <param name="Dimension">D.</param>
/// <param name="ScoreFunction">How scores are made.</param>
internal sealed record VectorCorpus(string Name, float[] Items, float[] Queries, int Dimension, ScoreFunction ScoreFunction)
{
    public int ItemCount => Items.Length / Dimension;

    public int QueryCount => Queries.Length / Dimension;

    public ReadOnlySpan<float> Query(int row) => Queries.AsSpan(row * Dimension, Dimension);

    public ReadOnlySpan<float> Item(int row) => Items.AsSpan(row * Dimension, Dimension);

    /// <summary>Copies of items, shape [rows, D].</summary>
    public float[] ItemsOf(ReadOnlySpan<int> rows) => Gather(Items, rows, Dimension);

    /// <summary>The same items, asked for by some of the queries, in this order.</summary>
    public VectorCorpus WithQueries(ReadOnlySpan<int> rows) => this with { Queries = Gather(Queries, rows, Dimension) };

    /// <summary>The queries that settings are chosen on: those of even number, at most so many.</summary>
    public VectorCorpus ValidationHalf(int atMost) => WithQueries([.. Half(0, atMost)]);

    /// <summary>Numbers of the queries that figures are reported on: the odd ones, at most so many.</summary>
    public int[] TestQueries(int atMost) => [.. Half(1, atMost)];

    /// <summary>Items and queries of two files.</summary>
    public static VectorCorpus Read(string itemsPath, string queriesPath, ScoreFunction scoreFunction)
    {
        using var items = VectorFile.Open(itemsPath);
        using var queries = VectorFile.Open(queriesPath);
        return items.Dimension == queries.Dimension
            ? new VectorCorpus(NameOf(itemsPath), VectorFile.Rows(items), VectorFile.Rows(queries), items.Dimension, scoreFunction)
            : throw new UsageException($"{itemsPath} has rows of {items.Dimension} values and {queriesPath} of {queries.Dimension}; queries and items must be equally wide.");
    }

    /// <summary>Rows of one file, some of them taken out, at random, to be queries.</summary>
    public static VectorCorpus HoldOut(string path, int queryCount, ScoreFunction scoreFunction, ulong seed)
    {
        using var source = VectorFile.Open(path);
        if (queryCount >= source.Count)
        {
            throw new UsageException($"{path} has {source.Count} rows; {queryCount} cannot be held out as queries and leave items. Lower --held-out.");
        }

        var order = Enumerable.Range(0, source.Count).ToArray();
        new SeededRandom(seed).Shuffle<int>(order);
        Array.Sort(order, 0, queryCount);
        Array.Sort(order, queryCount, order.Length - queryCount);
        return new VectorCorpus(
            NameOf(path), Rows(source, order.AsSpan(queryCount)), Rows(source, order.AsSpan(0, queryCount)), source.Dimension, scoreFunction);
    }

    /// <summary>Made-up items and queries of the same mixture.</summary>
    public static VectorCorpus Synthetic(
        int itemCount, int dimension, int queryCount, ScoreFunction scoreFunction, ulong seed, double lengthSpread = SyntheticVectors.LengthSpread, bool spectral = false)
    {
        IVectorMixture vectors = spectral ? new SpectralVectors(itemCount, dimension, lengthSpread, seed) : new SyntheticVectors(itemCount, dimension, lengthSpread, seed);
        var name = $"synthetic-{(spectral ? "spectral-" : "")}{itemCount}-{dimension}";
        return new VectorCorpus(name, vectors.Next(itemCount), vectors.Next(queryCount), dimension, scoreFunction);
    }

    /// <summary>
    /// The corpus of TFRS' serving tutorial: behind the items stand copies of all of them, every value multiplied by a number uniform in [0, 1).
    /// </summary>
    public VectorCorpus WithPerturbedCopies(int copies, ulong seed)
    {
        var items = new float[checked(Items.Length * (copies + 1))];
        Items.CopyTo(items, 0);
        var random = new SeededRandom(seed).Stream(1);
        for (var i = Items.Length; i < items.Length; i++)
        {
            items[i] = Items[i % Items.Length] * random.NextSingle();
        }

        return this with { Name = $"{Name}-perturbed-{copies}", Items = items };
    }

    private IEnumerable<int> Half(int first, int atMost) => Enumerable.Range(0, QueryCount).Where(query => query % 2 == first).Take(atMost);

    private static float[] Gather(float[] vectors, ReadOnlySpan<int> rows, int dimension)
    {
        var values = new float[checked(rows.Length * dimension)];
        for (var i = 0; i < rows.Length; i++)
        {
            vectors.AsSpan(rows[i] * dimension, dimension).CopyTo(values.AsSpan(i * dimension));
        }

        return values;
    }

    private static float[] Rows(EmbeddingSource source, ReadOnlySpan<int> rows)
    {
        var values = new float[checked(rows.Length * source.Dimension)];
        for (var i = 0; i < rows.Length; i++)
        {
            source.CopyRow(rows[i], values.AsSpan(i * source.Dimension, source.Dimension));
        }

        return values;
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        return Path.GetFileNameWithoutExtension(name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name);
    }
}
