namespace DotRec.Indexing;

/// <summary>The blocks of added entries of one partition, with the number of entries in each: for foreach.</summary>
/// <param name="codes">The codes.</param>
/// <param name="last">The last block of the partition, or −1.</param>
/// <param name="lastCount">Entries in it.</param>
internal readonly struct AddedBlocks(AddedCodes codes, int last, int lastCount)
{
    public Enumerator GetEnumerator() => new(codes, last, lastCount);

    /// <summary>From the last block back to the first: only the last one still grows.</summary>
    internal struct Enumerator
    {
        private readonly AddedCodes _codes;
        private int _next;
        private int _count;

        public Enumerator(AddedCodes codes, int last, int lastCount)
        {
            _codes = codes;
            _next = last;
            _count = lastCount;
        }

        public (int Block, int Count) Current { get; private set; }

        public bool MoveNext()
        {
            if (_next < 0)
            {
                return false;
            }

            Current = (_next, _count);
            _next = _codes.Before(_next);
            _count = _next < 0 ? 0 : _codes.CountOf(_next);
            return true;
        }
    }
}
