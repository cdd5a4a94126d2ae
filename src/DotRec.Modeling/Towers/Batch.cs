using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>
/// Some rows of a data set, on their way through a model: what <see cref="RecommenderModel.ComputeLoss"/> is given. Raw columns are read
/// by name; towers read them through their preprocessing, which the data set does once for all its rows.
/// </summary>
public sealed class Batch
{
    private readonly int[] _rows;

    internal Batch(EncodedData data, int[] rows, ForwardContext context, int[]? repeats = null)
    {
        Data = data;
        Repeats = repeats;
        _rows = rows;
        Context = context;
    }

    /// <summary>Number of rows, B.</summary>
    public int RowCount => _rows.Length;

    /// <summary>Positions of the rows in their data set.</summary>
    public ReadOnlySpan<int> Rows => _rows;

    /// <summary>Whether this is a training step.</summary>
    public ForwardContext Context { get; }

    internal EncodedData Data { get; }

    /// <summary>How many examples each row stands for; null when each stands for one.</summary>
    internal int[]? Repeats { get; }

    /// <summary>All rows of <paramref name="features"/> as one batch, outside training.</summary>
    public static Batch Of(FeatureBatch features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new Batch(new EncodedData(features), Enumerable.Range(0, features.RowCount).ToArray(), ForwardContext.Inference);
    }

    /// <summary>The values of a raw column in these rows.</summary>
    /// <exception cref="ArgumentException">There is no such column, it is jagged, or its type differs.</exception>
    public T[] Get<T>(string column)
        where T : notnull
    {
        var source = Data.Features.Get<T>(column);
        if (source.Schema.IsJagged)
        {
            throw new ArgumentException($"Column '{column}' holds lists; Get reads columns with one value a row.", nameof(column));
        }

        var all = source.Values;
        var values = new T[_rows.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = all[_rows[i]];
        }

        return values;
    }

    /// <summary>The rows of this batch with the same value in a column of strings or int64: the lists of a listwise loss.</summary>
    /// <exception cref="ArgumentException">There is no such column, it is jagged, or it holds floats.</exception>
    public RowGroups Groups(string column) => Data.Groups(column).Select(_rows);

    /// <summary>Rows <paramref name="positions"/> of this batch, as a batch; each may stand for several.</summary>
    internal Batch Select(ReadOnlySpan<int> positions, int[]? repeats = null)
    {
        var rows = new int[positions.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = _rows[positions[i]];
        }

        return new Batch(Data, rows, Context, repeats);
    }

    /// <summary>The same rows in another context.</summary>
    internal Batch With(ForwardContext context) => new(Data, _rows, context);

    /// <summary>These rows through a preprocessing layer.</summary>
    internal Signal Signal(PreprocessingLayer preprocessing) => Modeling.Signal.Of(Data.Encoded(preprocessing).Select(_rows)) with { Repeats = Repeats };
}
