using System.Text;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>One value a row, in memory or in a mapped file, which lives as long as anybody holds this.</summary>
internal abstract class RowValues<T>
{
    public abstract int Count { get; }

    public abstract T this[int row] { get; }
}

/// <summary>Numbers.</summary>
internal sealed class NumberValues<T>(Section<T> values) : RowValues<T>
    where T : unmanaged
{
    public override int Count => checked((int)values.Length);

    public override T this[int row]
    {
        get
        {
            var value = values[row];
            GC.KeepAlive(values.Memory);
            return value;
        }
    }
}

/// <summary>Texts: UTF-8, one after another. A text is decoded when it is asked for.</summary>
internal sealed class TextValues(Section<long> offsets, Section<byte> text) : RowValues<string>
{
    public override int Count => checked((int)(offsets.Length - 1));

    public override string this[int row]
    {
        get
        {
            var (start, end) = (offsets[row], offsets[row + 1L]);
            if (start < 0 || end < start || end > text.Length || end - start > int.MaxValue)
            {
                throw new BundleException($"{text.Memory.Source}: the text of row {row} claims bytes {start} to {end} of {text.Length}. The file is damaged.");
            }

            var value = Encoding.UTF8.GetString(text.Span(start, (int)(end - start)));
            GC.KeepAlive(offsets.Memory);
            GC.KeepAlive(text.Memory);
            return value;
        }
    }
}

/// <summary>Lists: the values of row r are those from boundary r to boundary r + 1.</summary>
internal sealed class ListValues<T>(Section<long> offsets, RowValues<T> values) : RowValues<T[]>
{
    public override int Count => checked((int)(offsets.Length - 1));

    public override T[] this[int row]
    {
        get
        {
            var (start, end) = (offsets[row], offsets[row + 1L]);
            GC.KeepAlive(offsets.Memory);
            if (start < 0 || end < start || end > values.Count)
            {
                throw new BundleException($"{offsets.Memory.Source}: the list of row {row} claims values {start} to {end} of {values.Count}. The file is damaged.");
            }

            var list = new T[end - start];
            for (var i = 0; i < list.Length; i++)
            {
                list[i] = values[(int)start + i];
            }

            return list;
        }
    }
}
