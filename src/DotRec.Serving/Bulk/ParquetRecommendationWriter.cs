using Parquet;
using Parquet.Schema;

namespace DotRec.Serving;

/// <summary>Parquet with row groups of about a hundred thousand rows: blocks are gathered, because small groups compress and read badly.</summary>
internal sealed class ParquetRecommendationWriter : RecommendationWriter
{
    private const int RowsInGroup = 1 << 17;

    private readonly ParquetWriter _writer;
    private readonly IReadOnlyList<Type> _types;
    private readonly DataField[] _fields;
    private readonly List<RecommendationRows> _pending = [];
    private int _pendingRows;
    private bool _completed;

    public ParquetRecommendationWriter(Stream stream, IReadOnlyList<string> names, IReadOnlyList<Type> types)
    {
        _types = types;
        _fields = [.. names.Zip(types, Field)];
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), stream).GetAwaiter().GetResult();
    }

    public override void Write(RecommendationRows rows)
    {
        _pending.Add(rows);
        _pendingRows += rows.Count;
        if (_pendingRows >= RowsInGroup)
        {
            WriteGroup();
        }
    }

    public override void Complete()
    {
        WriteGroup();
        _completed = true;
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    public override void Dispose()
    {
        if (!_completed)
        {
            _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void WriteGroup()
    {
        using var group = _writer.CreateRowGroup();
        for (var column = 0; column < _fields.Length; column++)
        {
            var values = Array.CreateInstance(_types[column], _pendingRows);
            var row = 0;
            foreach (var rows in _pending)
            {
                Array.Copy(rows.Columns[column], 0, values, row, rows.Count);
                row += rows.Count;
            }

            WriteAsync(group, _fields[column], values).GetAwaiter().GetResult();
        }

        group.CompleteValidate();
        _pending.Clear();
        _pendingRows = 0;
    }

    private static DataField Field(string name, Type type) => type == typeof(string) ? new DataField<string>(name, nullable: true) : new DataField(name, type, isNullable: false);

    // Parquet.Net works asynchronously; on files its tasks complete without a scheduler, so waiting for them cannot dead-lock.
    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Array values) => values switch
    {
        string[] texts => group.WriteAsync(field, new ArraySegment<string>(texts)),
        long[] numbers => group.WriteAsync<long>(field, numbers),
        int[] numbers => group.WriteAsync<int>(field, numbers),
        double[] numbers => group.WriteAsync<double>(field, numbers),
        float[] numbers => group.WriteAsync<float>(field, numbers),
        _ => throw new NotSupportedException($"Column '{field.Name}' is a {values.GetType().Name}."),
    };
}
