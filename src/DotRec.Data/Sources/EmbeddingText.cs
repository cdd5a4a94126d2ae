using System.Text;

namespace DotRec.Data;

/// <summary>
/// Reads vectors written as text, one a line: a name and its numbers, as GloVe, word2vec and fastText publish them, or numbers alone.
/// Plain, compressed with gzip, or inside a zip archive.
/// </summary>
/// <remarks>
/// Fields stand between tabs in a .tsv file, else between single spaces. A first line of two integers (word2vec's count and width) is checked against
/// what follows. Vectors have names when the first field of the first of them is no number. A name may contain the delimiter, as some of GloVe's do,
/// as long as its second word is no number.
/// </remarks>
public static class EmbeddingText
{
    /// <summary>Reads a file. Costs one pass and about twice the memory of the values.</summary>
    /// <param name="path"><c>vectors.txt</c>, <c>vectors.txt.gz</c>, <c>archive.zip/vectors.txt</c>, or <c>archive.zip</c> when one file is in it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">A line is broken; the message names file, line and column, what was found and what was expected.</exception>
    public static NamedEmbeddings Read(string path)
    {
        var file = DataFile.Find(path);
        var delimiter = string.Equals(file.Extension, ".tsv", StringComparison.OrdinalIgnoreCase) ? (byte)'\t' : (byte)' ';
        using var reader = new DelimitedReader(file.Open(), file.Name, [delimiter], quotes: false);
        return new LineReader(reader, file.Name, delimiter).Read();
    }

    private sealed class LineReader(DelimitedReader reader, string file, byte delimiter)
    {
        private readonly GrowingValues<float> _values = new();
        private readonly List<string> _names = [];
        private bool _isNamed;
        private int _dimension;

        public NamedEmbeddings Read()
        {
            var announced = ReadHead();
            do
            {
                AddLine();
            }
            while (reader.Read());

            var rows = _values.Count / _dimension;
            if (announced is { } head && head != (rows, _dimension))
            {
                throw new DataFormatException(file, 1, $"the first line announces {head.Rows} vectors of {head.Dimension} numbers; the file has {rows} of {_dimension}. It is cut off, or the line is wrong.");
            }

            return new NamedEmbeddings(_isNamed ? [.. _names] : null, _dimension, _values.TakeArray());
        }

        // Stands at the first vector afterwards. A pair of integers is a head if a line follows: alone it is a vector of two numbers.
        private (long Rows, long Dimension)? ReadHead()
        {
            if (!reader.Read())
            {
                throw new DataFormatException(file, "found an empty file, expected vectors, one a line.");
            }

            (long Rows, long Dimension)? head = null;
            if (Width() == 2 && NumberParser.TryInt64(reader[0], out var rows) && NumberParser.TryInt64(reader[1], out var dimension) && dimension > 2 && reader.Read())
            {
                head = (rows, dimension);
            }

            _isNamed = !NumberParser.TryFloat32(reader[0], out _);
            _dimension = Width() - FirstNumber();
            if (_dimension < 1)
            {
                throw new DataFormatException(file, reader.Line, $"found {TableReader.Quoted(reader[0])} alone, expected a name and at least one number.");
            }

            return head;
        }

        private void AddLine()
        {
            var start = Width() - _dimension;
            var nameWords = _isNamed ? 1 : 0;
            if (start < nameWords || (start > nameWords && FirstNumber() != start))
            {
                throw new DataFormatException(file, reader.Line, $"found {Width() - FirstNumber()} numbers, expected {_dimension} as in the lines before.");
            }

            if (_isNamed)
            {
                _names.Add(Name(start));
            }

            for (var i = start; i < start + _dimension; i++)
            {
                if (!NumberParser.TryFloat32(reader[i], out var value) || !float.IsFinite(value))
                {
                    throw new DataFormatException(file, reader.Line, i + 1, column: null, TableReader.Quoted(reader[i]), "a finite number");
                }

                _values.Add(value);
            }
        }

        // Some writers end every line with a delimiter.
        private int Width() => reader.FieldCount - (reader.FieldCount > 1 && reader[reader.FieldCount - 1].IsEmpty ? 1 : 0);

        private int FirstNumber()
        {
            var first = _isNamed ? 1 : 0;
            while (_isNamed && first < Width() && !NumberParser.TryFloat32(reader[first], out _))
            {
                first++;
            }

            return first;
        }

        private string Name(int words)
        {
            var name = new List<byte>();
            for (var i = 0; i < words; i++)
            {
                if (i > 0)
                {
                    name.Add(delimiter);
                }

                name.AddRange(reader[i]);
            }

            return Encoding.UTF8.GetString([.. name]);
        }
    }
}
