namespace DotRec.Data;

/// <summary>A column that grows by one property of one record at a time.</summary>
internal abstract class RecordColumn<T>
{
    public delegate RecordColumn<T> Factory();

    public abstract void Append(T record, int row);

    public abstract Column Build();

    /// <param name="name">Column name.</param>
    /// <param name="valueType">string, long or float.</param>
    /// <param name="read">A Func from the record to that type.</param>
    public static Factory Scalar(string name, Type valueType, Delegate read) =>
        valueType == typeof(string) ? () => new ScalarColumn<string>(name, (Func<T, string>)read)
        : valueType == typeof(long) ? () => new ScalarColumn<long>(name, (Func<T, long>)read)
        : () => new ScalarColumn<float>(name, (Func<T, float>)read);

    /// <param name="name">Column name.</param>
    /// <param name="valueType">string, long or float.</param>
    /// <param name="elementType">Type of the elements of the property.</param>
    /// <param name="read">A Func from the record to a sequence of elements.</param>
    /// <param name="convert">A Func from an element to a value.</param>
    public static Factory Jagged(string name, Type valueType, Type elementType, Delegate read, Delegate convert)
    {
        var type = typeof(JaggedColumn<,>).MakeGenericType(typeof(T), elementType, valueType);
        return () => (RecordColumn<T>)Activator.CreateInstance(type, name, read, convert)!;
    }

    private static ArgumentException NullValue(string name, int row) =>
        new($"'{name}' is null in row {row}. A column holds no nulls: give a value that stands for the missing one, such as an empty string or list.");

    private sealed class ScalarColumn<TValue>(string name, Func<T, TValue> read) : RecordColumn<T>
        where TValue : notnull
    {
        private readonly List<TValue> _values = [];

        public override void Append(T record, int row) => _values.Add(read(record) ?? throw NullValue(name, row));

        public override Column Build() => new Column<TValue>(name, [.. _values]);
    }

    private sealed class JaggedColumn<TElement, TValue>(string name, Func<T, IEnumerable<TElement>> read, Func<TElement, TValue> convert) : RecordColumn<T>
        where TValue : notnull
    {
        private readonly List<TValue> _values = [];
        private readonly List<int> _offsets = [0];

        public override void Append(T record, int row)
        {
            foreach (var element in read(record) ?? throw NullValue(name, row))
            {
                _values.Add((element is null ? default : convert(element)) ?? throw NullValue(name, row));
            }

            _offsets.Add(_values.Count);
        }

        public override Column Build() => new Column<TValue>(name, [.. _values], [.. _offsets]);
    }
}
