using System.Buffers;

namespace DotRec.Serving;

/// <summary>What the items of a history weigh by their age.</summary>
internal sealed class HistoryWeights(HistoryQuery query)
{
    // What is so old that it weighs nothing in float32 does not count.
    private const float Least = 1e-6f;

    private readonly float[] _byAge = [.. Enumerable.Range(0, query.Length).Select(age => (float)Math.Pow(query.Decay, age)).TakeWhile(weight => weight > Least)];

    /// <summary>How many items count, the newest ones.</summary>
    public int Length => _byAge.Length;

    /// <summary>A history as a sparse vector.</summary>
    /// <param name="history">Rows, oldest first.</param>
    public Weighted Of(ReadOnlySpan<int> history) => new(history[Math.Max(0, history.Length - Length)..], _byAge);

    /// <summary>Rows, newest first, and their weights, in pooled memory. Give it back by disposing.</summary>
    public readonly ref struct Weighted
    {
        private readonly int[] _rows;

        public Weighted(ReadOnlySpan<int> history, float[] byAge)
        {
            _rows = ArrayPool<int>.Shared.Rent(history.Length);
            history.CopyTo(_rows);
            _rows.AsSpan(0, history.Length).Reverse();
            Rows = _rows.AsSpan(0, history.Length);
            Weights = byAge.AsSpan(0, history.Length);
        }

        public ReadOnlySpan<int> Rows { get; }

        public ReadOnlySpan<float> Weights { get; }

        public void Dispose() => ArrayPool<int>.Shared.Return(_rows);
    }
}
