using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Weights of a dense matrix that is computed some columns at a time: of each row the weights of greatest magnitude are kept, so that the whole matrix need
/// not exist.
/// </summary>
internal sealed class DenseWeights(int itemCount, int neighbours)
{
    /// <summary>Columns at a time: wide enough for products at full speed.</summary>
    public const int Width = 512;

    private const int Range = 64;
    private readonly Row[] _rows = [.. Enumerable.Range(0, itemCount).Select(_ => new Row())];

    /// <summary>Offers columns first … first + width − 1 of all rows.</summary>
    /// <param name="columns">[rows, width], row-major.</param>
    /// <param name="width">Columns.</param>
    /// <param name="first">Item of the first column.</param>
    /// <param name="items">The item of each row and column, where the matrix is of some of the items only; null for all.</param>
    public void Offer(ReadOnlyMemory<float> columns, int width, int first, int[]? items = null)
    {
        var rows = columns.Length / width;
        Parallelism.ForRanges(rows, Range, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                _rows[items is null ? row : items[row]].Offer(columns.Span.Slice(row * width, width), first, items, neighbours);
            }
        });
    }

    /// <summary>The weights that are left.</summary>
    public ItemWeights Build() => ItemWeights.Of(Array.ConvertAll(_rows, row => row.Take(neighbours)));

    private sealed class Row
    {
        private float[] _values = [];
        private int[] _items = [];
        private int _count;
        private float _least;

        public void Offer(ReadOnlySpan<float> values, int first, int[]? items, int neighbours)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (Math.Abs(values[i]) > _least)
                {
                    if (_count == _values.Length)
                    {
                        Grow(neighbours);
                    }

                    (_values[_count], _items[_count]) = (values[i], items is null ? first + i : items[first + i]);
                    _count++;
                }
            }
        }

        public (int[] Items, float[] Values) Take(int neighbours)
        {
            Cut(neighbours);
            var (items, values) = (_items[.._count], _values[.._count]);
            Array.Sort(items, values);
            (_values, _items) = ([], []);
            return (items, values);
        }

        private void Grow(int neighbours)
        {
            if (_count < 2 * neighbours)
            {
                var length = Math.Min(2 * neighbours, Math.Max(16, 2 * _count));
                Array.Resize(ref _values, length);
                Array.Resize(ref _items, length);
                return;
            }

            Cut(neighbours);
        }

        private void Cut(int neighbours)
        {
            if (_count <= neighbours)
            {
                return;
            }

            var keys = new float[_count];
            for (var i = 0; i < _count; i++)
            {
                keys[i] = -Math.Abs(_values[i]);
            }

            var order = Enumerable.Range(0, _count).ToArray();
            Array.Sort(keys, order);
            var (values, items) = (Array.ConvertAll(order[..neighbours], i => _values[i]), Array.ConvertAll(order[..neighbours], i => _items[i]));
            values.CopyTo(_values, 0);
            items.CopyTo(_items, 0);
            _count = neighbours;
            _least = -keys[neighbours - 1];
        }
    }
}
