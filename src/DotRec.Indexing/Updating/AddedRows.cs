namespace DotRec.Indexing;

/// <summary>
/// Items added since an index was built, in the order they came: the row of each, the partition that its code is in, and what it is scored by. Never
/// changes for
/// those who hold it: what is appended lies behind the last item, where they do not look.
/// </summary>
internal sealed class AddedRows
{
    private const int MinCapacity = 256;

    private readonly Room _room;

    private AddedRows(Room room, int count, float maxLength)
    {
        _room = room;
        Count = count;
        Scored = room.Rows(maxLength);
    }

    /// <summary>Items, those that are gone too.</summary>
    public int Count { get; }

    /// <summary>What chooses among them, numbered likewise; null where the index has none.</summary>
    public RefiningRows? Refining => _room.Refining;

    /// <summary>What they are scored by; candidates are numbered from 0. Its row numbers mean nothing.</summary>
    public RescoringRows Scored { get; }

    /// <summary>No items yet, behind those of an index.</summary>
    public static AddedRows Empty(ScannSnapshot items) => new(
        // 8-bit rows are coded relative to bases of the index: until the next one is built, added items are kept whole.
        new Room(items, items.Rows.Format == RescoringFormat.Int8 ? RescoringFormat.Float32 : items.Rows.Format, 0), 0, 0);

    /// <summary>The row of an added item.</summary>
    public int RowOf(int added) => _room.RowNumbers[added];

    /// <summary>The partitions that the codes of added items are in.</summary>
    public Span<int> Partitions(int first, int count) => _room.Partitions.AsSpan(first, count);

    /// <summary>These items with others appended. Only one may grow out of each.</summary>
    /// <param name="rows">The row of each.</param>
    /// <param name="embeddings">[rows, D], checked.</param>
    public AddedRows With(ReadOnlySpan<int> rows, ReadOnlySpan<float> embeddings)
    {
        var room = _room;
        if (Count + rows.Length > room.RowNumbers.Length)
        {
            room = room.Larger(Count, Math.Max(MinCapacity, checked(2 * (Count + rows.Length))));
        }

        var max = (double)Scored.MaxLength;
        for (var i = 0; i < rows.Length; i++)
        {
            room.RowNumbers[Count + i] = rows[i];
            max = Math.Max(max, room.Write(Count + i, embeddings.Slice(i * Scored.Dimension, Scored.Dimension)));
        }

        return new AddedRows(room, Count + rows.Length, (float)max);
    }

    /// <summary>Memory for items, shared by those that grow one out of another until it is full.</summary>
    private sealed class Room(ScannSnapshot items, RescoringFormat format, int capacity)
    {
        private readonly Section<byte> _values = AllocatedMemory.New<byte>((long)capacity * items.Dimension * format.ByteWidth());
        private readonly Section<float> _factors = AllocatedMemory.New<float>(RescoringPacking.FactorCount(capacity, items.ScoreFunction, format));
        private readonly Section<float> _lengths = AllocatedMemory.New<float>(RescoringPacking.LengthCount(capacity, items.ScoreFunction, format));

        private readonly float[] _scratch = new float[items.Dimension];

        public int[] RowNumbers { get; } = new int[capacity];

        public int[] Partitions { get; } = new int[capacity];

        public RescoringRows Rows(float maxLength) => new(format, _values, _factors, _lengths, default, default, items.Dimension, maxLength);

        public RefiningRows? Refining { get; } = items.Refining?.Room(capacity);

        public double Write(int at, ReadOnlySpan<float> row)
        {
            if (Refining is not null)
            {
                var plain = _scratch.AsSpan(0, items.Form.PlainDimension);
                var square = items.Form.Plain(row, plain);
                Refining.Write(at, plain, items.Form.LiftValue(square));
            }

            return RescoringPacking.Write(row, _scratch, at, items.ScoreFunction, format, _values, _factors, _lengths);
        }

        public Room Larger(int used, int size)
        {
            var larger = new Room(items, format, size);
            RowNumbers.AsSpan(0, used).CopyTo(larger.RowNumbers);
            Partitions.AsSpan(0, used).CopyTo(larger.Partitions);
            Refining?.CopyTo(larger.Refining!, used);
            Copy(_values, larger._values, (long)used * items.Dimension * format.ByteWidth());
            Copy(_factors.AsBytes(), larger._factors.AsBytes(), _factors.Length > 0 ? (long)used * sizeof(float) : 0);
            Copy(_lengths.AsBytes(), larger._lengths.AsBytes(), _lengths.Length > 0 ? (long)used * sizeof(float) : 0);
            return larger;
        }

        private static unsafe void Copy(Section<byte> from, Section<byte> to, long length) =>
            Buffer.MemoryCopy(from.Pointer(0, length), to.Pointer(0, length), to.ByteLength, length);
    }
}
