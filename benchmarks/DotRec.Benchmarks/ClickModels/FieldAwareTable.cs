using System.Globalization;
using DotRec.Data;
using DotRec.Pipelines;
using Microsoft.ML.Data;

namespace DotRec.Benchmarks;

/// <summary>Writes rows as ML.NET's text loader reads them: the label, then a field a column, categories by number, numbers binned or normalised.</summary>
/// <remarks>Everything is learned from the training rows. Categories seen once share number 0 with those never seen, as in the tool.</remarks>
internal sealed class FieldAwareTable
{
    private const int BinCount = 32;

    private readonly string _label;
    private readonly List<FieldCode> _fields = [];

    public FieldAwareTable(FeatureBatch train, RankingData data, bool bins)
    {
        _label = data.Label.Column;
        foreach (var name in data.Columns.Select(column => column.Name))
        {
            _fields.Add(train[name] switch
            {
                Column<float> numbers when bins => Binned(numbers),
                Column<float> numbers => Normalised(numbers),
                Column<long> integers => Numbered(integers),
                _ => Numbered(train.Get<string>(name)),
            });
        }
    }

    /// <summary>Names of the fields that are categories; the others are two numbers each.</summary>
    public IEnumerable<string> CategoryFields => _fields.Where(code => code.Categories > 0).Select(code => code.Name);

    /// <summary>Names of all fields.</summary>
    public IEnumerable<string> Fields => _fields.Select(code => code.Name);

    /// <summary>What the loader finds in a line.</summary>
    public TextLoader.Column[] LoaderColumns
    {
        get
        {
            var columns = new List<TextLoader.Column> { new("Label", DataKind.Boolean, 0) };
            var next = 1;
            foreach (var (name, categories, _) in _fields)
            {
                columns.Add(categories > 0
                    ? new TextLoader.Column(name, DataKind.UInt32, [new TextLoader.Range(next)], new KeyCount((ulong)categories))
                    : new TextLoader.Column(name, DataKind.Single, next, next + 1));
                next += categories > 0 ? 1 : 2;
            }

            return [.. columns];
        }
    }

    public void Write(FeatureBatch rows, string path)
    {
        var labels = rows.Get<float>(_label).Values.ToArray();
        var encoders = _fields.Select(code => code.Encoder(rows)).ToArray();
        File.WriteAllLines(path, Enumerable.Range(0, rows.RowCount).Select(row =>
            $"{(labels[row] > 0 ? "1" : "0")}\t{string.Join('\t', encoders.Select(encode => encode(row)))}"));
    }

    private static FieldCode Numbered<T>(Column<T> column)
        where T : notnull
    {
        var numbers = column.Values.ToArray().CountBy(value => value).Where(value => value.Value > 1)
            .Select((value, index) => (value.Key, index)).ToDictionary(value => value.Key, value => value.index + 1);
        return new FieldCode(column.Name, numbers.Count + 1, rows =>
        {
            var values = rows.Get<T>(column.Name).Values.ToArray();
            return row => Text(numbers.GetValueOrDefault(values[row]));
        });
    }

    // Bin 0 holds the missing numbers.
    private static FieldCode Binned(Column<float> column)
    {
        var sorted = column.Values.ToArray().Where(float.IsFinite).Order().ToArray();
        float[] boundaries = sorted.Length == 0 ? [] : [.. Enumerable.Range(1, BinCount - 1).Select(bin => sorted[bin * sorted.Length / BinCount]).Distinct()];
        return new FieldCode(column.Name, boundaries.Length + 2, rows =>
        {
            var values = rows.Get<float>(column.Name).Values.ToArray();
            return row => Text(float.IsNaN(values[row]) ? 0 : 1 + boundaries.Count(boundary => boundary <= values[row]));
        });
    }

    private static FieldCode Normalised(Column<float> column)
    {
        var present = column.Values.ToArray().Where(float.IsFinite).Select(value => (double)value).ToArray();
        var mean = present.Length > 0 ? present.Average() : 0;
        var deviation = present.Length > 0 ? Math.Sqrt(present.Average(value => (value - mean) * (value - mean))) : 0;
        return new FieldCode(column.Name, 0, rows =>
        {
            var values = rows.Get<float>(column.Name).Values.ToArray();
            return row => float.IsNaN(values[row]) ? "0\t1" : string.Create(CultureInfo.InvariantCulture, $"{(deviation > 0 ? (values[row] - mean) / deviation : 0):R}\t0");
        });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>How a column becomes a field.</summary>
    /// <param name="Name">The column.</param>
    /// <param name="Categories">Their number; 0 for two plain numbers.</param>
    /// <param name="Encoder">For a table, what is written for each of its rows.</param>
    private sealed record FieldCode(string Name, int Categories, Func<FeatureBatch, Func<int, string>> Encoder);
}
