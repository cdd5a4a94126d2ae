using System.Text;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>
/// Embedding tables shared by several features (feature multiplexing: Coleman et al., 2023, arXiv 2305.12102), as TFRS' UnifiedEmbedding:
/// a feature looks up one row per chunk by independent hashes and has them side by side. Memory is set by the tables, not by the number of
/// features or of their values.
/// </summary>
/// <remarks>
/// <para>
/// Chunks go to the tables in turn, in the order features are declared, so declare new features last: the tables of the others stay.
/// A row that holds lists gives the mean of each chunk's vectors. The hash is <see cref="Hashing"/>, its ONNX form too.
/// </para>
/// <para>
/// Differs from TFRS: chunk 10 follows chunk 9, where TFRS orders chunks by their names as text; the salt of a hash follows from the
/// feature's name and the chunk's number, not from the order of features, so that no feature's rows change when another is added or moved;
/// a fixed number of values a row counts as a list. A hashed table of one feature alone is <c>new Hashing(column, bins), new Embedding(D)</c>.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var unified = new UnifiedEmbedding(bucketsPerTable: 10_000, dimensionPerTable: 8, tableCount: 3);
/// new Tower(new Concatenate([unified.Feature("city", data, chunks: 2)], [unified.Feature("genres", data, chunks: 3)]), new Dense(32))
/// </code>
/// </example>
public sealed class UnifiedEmbedding
{
    private readonly HashSet<string> _columns = new(StringComparer.Ordinal);
    private readonly Embedding[] _tables;
    private int _nextTable;

    /// <summary>Makes the tables.</summary>
    /// <param name="bucketsPerTable">Rows of each table.</param>
    /// <param name="dimensionPerTable">Width of a table, and so of a chunk.</param>
    /// <param name="tableCount">Number of tables.</param>
    /// <param name="initializer">First values; uniform in ±0.05 when null.</param>
    /// <param name="l2"><see cref="Embedding.L2"/> of every table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the strength negative.</exception>
    public UnifiedEmbedding(int bucketsPerTable, int dimensionPerTable, int tableCount = 1, Initializer? initializer = null, double l2 = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bucketsPerTable);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tableCount);
        BucketsPerTable = bucketsPerTable;
        _tables = [.. Enumerable.Range(0, tableCount).Select(_ => new Embedding(dimensionPerTable, initializer) { L2 = l2 })];
    }

    /// <summary>Rows of each table.</summary>
    public int BucketsPerTable { get; }

    /// <summary>The tables.</summary>
    public IReadOnlyList<Embedding> Tables => _tables;

    /// <summary>The layer that looks a feature up: [B, chunks · dimensionPerTable]. It begins a tower or a branch, and may be used in several.</summary>
    /// <param name="column">The column, of strings or integers, or of lists of them.</param>
    /// <param name="data">Data that hold the column; only its type is taken from them.</param>
    /// <param name="chunks">Number of lookups: important features deserve more.</param>
    /// <exception cref="ArgumentException">The feature is declared already, or the data lack the column or hold another type.</exception>
    public Layer Feature(string column, FeatureBatch data, int chunks = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Feature(column, chunks, salt => new Hashing(column, data, BucketsPerTable, salt));
    }

    /// <summary>The layer that looks up a feature of a given type.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type"><see cref="ColumnType.String"/> or <see cref="ColumnType.Int64"/>.</param>
    /// <param name="chunks">Number of lookups.</param>
    /// <param name="isJagged">True when a row holds a list of values.</param>
    /// <exception cref="ArgumentException">The feature is declared already, or the type is another.</exception>
    public Layer Feature(string column, ColumnType type, int chunks = 1, bool isJagged = false) =>
        Feature(column, chunks, salt => new Hashing(column, type, BucketsPerTable, salt, isJagged));

    /// <summary>FNV-1a over the name in UTF-8, a byte no text has, and the chunk's number.</summary>
    internal static uint SaltOf(string column, int chunk)
    {
        var salt = 2166136261;
        foreach (var value in (byte[])[.. Encoding.UTF8.GetBytes(column), 0xFF, (byte)chunk, (byte)(chunk >> 8), (byte)(chunk >> 16), (byte)(chunk >> 24)])
        {
            salt = unchecked((salt ^ value) * 16777619);
        }

        return salt;
    }

    private Concatenate Feature(string column, int chunks, Func<uint, Hashing> hash)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunks);
        if (_columns.Contains(column))
        {
            throw new ArgumentException($"Feature '{column}' is declared already. Keep the layer of the first call and use it wherever the feature is wanted.", nameof(column));
        }

        var hashes = Enumerable.Range(0, chunks).Select(chunk => hash(SaltOf(column, chunk))).ToArray();
        _columns.Add(column);
        return new Concatenate([.. hashes.Select(hashing => new Layer[] { hashing, _tables[_nextTable++ % _tables.Length] })]);
    }
}
