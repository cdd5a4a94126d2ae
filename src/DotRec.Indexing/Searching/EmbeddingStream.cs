namespace DotRec.Indexing;

/// <summary>Turns batches of any sizes into full chunks of packed panels: one pass over a <see cref="StreamingIndex"/>'s source.</summary>
internal sealed class EmbeddingStream : IDisposable
{
    // Large enough that many threads find work in a chunk, small enough to stay in the cache between packing and scoring.
    private const int ChunkValues = 1 << 18;
    private const int PanelRows = Kernels.PanelKernels.Rows;

    private readonly StreamingIndex _index;
    private readonly float[] _rows;
    private readonly EmbeddingPanels _panels;

    public EmbeddingStream(StreamingIndex index)
    {
        _index = index;
        var chunkPanels = Math.Clamp(EmbeddingPanels.CountPanels(index.Count), 1, Math.Max(1, ChunkValues / index.Dimension / PanelRows));
        var chunkRows = chunkPanels * PanelRows;
        _rows = new float[chunkRows * index.Dimension];
        _panels = EmbeddingPanels.Allocate(chunkRows, index.Dimension, index.ScoreFunction);
    }

    /// <summary>Calls <paramref name="consume"/>(panels, first row) for every chunk, in order. The panels are valid during the call.</summary>
    /// <exception cref="InvalidOperationException">The source does not give the index's number of rows.</exception>
    public void Read(Action<EmbeddingPanels, int> consume)
    {
        using var panelHold = _panels.Values.Memory.Hold();
        using var scaleHold = _panels.Scales.Memory.Hold();
        var filled = 0;
        var firstRow = 0L;
        foreach (var batch in _index.Batches())
        {
            for (var rest = batch.Span; !rest.IsEmpty;)
            {
                var taken = Math.Min(rest.Length, _rows.Length - filled);
                rest[..taken].CopyTo(_rows.AsSpan(filled));
                rest = rest[taken..];
                filled += taken;
                if (filled == _rows.Length)
                {
                    firstRow += Consume(filled, firstRow, consume);
                    filled = 0;
                }
            }
        }

        firstRow += Consume(filled, firstRow, consume);
        if (firstRow != _index.Count)
        {
            throw WrongCount(firstRow.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        _panels.Values.Memory.Dispose();
        _panels.Scales.Memory.Dispose();
    }

    private int Consume(int values, long firstRow, Action<EmbeddingPanels, int> consume)
    {
        var rows = values / _index.Dimension;
        if (firstRow + rows > _index.Count)
        {
            throw WrongCount($"more than {_index.Count}");
        }

        if (rows > 0)
        {
            var chunk = _panels.First(rows);
            chunk.PackRows(_rows.AsSpan(0, values), firstRow);
            consume(chunk, (int)firstRow);
        }

        return rows;
    }

    private InvalidOperationException WrongCount(string given) => new(
        $"The source gave {given} embeddings; the index holds {_index.Count}. It must give the same number on every pass, one for each id.");
}
