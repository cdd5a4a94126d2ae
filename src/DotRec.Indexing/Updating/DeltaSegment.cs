using System.Collections.Immutable;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Items added since an index was built, scored exactly. A segment never changes for those who hold it: what is appended lies behind its last
/// row, where they do not look, and moves to a larger block when there is no room.
/// </summary>
internal sealed class DeltaSegment
{
    private const int LeastCapacity = 256;

    // Room for more rows than this segment has; shared with the segments it grew from.
    private readonly EmbeddingPanels _room;
    private readonly object[] _idRoom;
    private readonly ImmutableDictionary<object, int> _rows;
    private readonly ImmutableList<int> _dead;

    private DeltaSegment(EmbeddingPanels room, object[] idRoom, int count, ImmutableDictionary<object, int> rows, ImmutableList<int> dead)
    {
        _room = room;
        _idRoom = idRoom;
        _rows = rows;
        _dead = dead;
        Panels = room.First(count);
        Alive = ItemFilter.Block(count, [.. dead]);
    }

    /// <summary>Rows, dead ones included.</summary>
    public int Count => Panels.Count;

    public EmbeddingPanels Panels { get; }

    /// <summary>The rows that are still items.</summary>
    public ItemFilter Alive { get; }

    public int DeadCount => _dead.Count;

    public static DeltaSegment Empty(int dimension, ScoreFunction scoreFunction) => new(
        EmbeddingPanels.Allocate(0, dimension, scoreFunction), [], 0, ImmutableDictionary<object, int>.Empty, ImmutableList<int>.Empty);

    public object IdOf(int row) => _idRoom[row];

    /// <summary>The row of an id, or −1.</summary>
    public int RowOf(object id) => _rows.TryGetValue(id, out var row) ? row : -1;

    /// <summary>The segment without some ids and then with rows appended. Only one segment may grow out of each.</summary>
    /// <param name="removed">Ids to forget; those that are not here are ignored.</param>
    /// <param name="ids">New ids, each once.</param>
    /// <param name="embeddings">[ids, D], checked.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    public DeltaSegment With(IEnumerable<object> removed, IReadOnlyList<object> ids, ReadOnlySpan<float> embeddings, ScoreFunction scoreFunction)
    {
        var (rows, dead) = (_rows.ToBuilder(), _dead.ToBuilder());
        foreach (var id in removed.Concat(ids))
        {
            if (rows.Remove(id, out var row))
            {
                dead.Add(row);
            }
        }

        var (room, idRoom) = Room(Count + ids.Count, scoreFunction);
        var dimension = room.Dimension;
        for (var i = 0; i < ids.Count; i++)
        {
            Write(room, Count + i, embeddings.Slice(i * dimension, dimension));
            idRoom[Count + i] = ids[i];
            rows[ids[i]] = Count + i;
        }

        return new DeltaSegment(room, idRoom, Count + ids.Count, rows.ToImmutable(), dead.ToImmutable());
    }

    private (EmbeddingPanels Room, object[] Ids) Room(int count, ScoreFunction scoreFunction)
    {
        if (count <= _idRoom.Length)
        {
            return (_room, _idRoom);
        }

        var capacity = (int)Math.Min(Array.MaxLength, Math.Max(LeastCapacity, 2L * count));
        var larger = EmbeddingPanels.Allocate(capacity, _room.Dimension, scoreFunction);
        var (from, to) = (Panels.Values, larger.Values);
        var panelValues = PanelKernels.Rows * _room.Dimension;
        for (var panel = 0; panel < Panels.PanelCount; panel++)
        {
            from.Span((long)panel * panelValues, panelValues).CopyTo(to.Span((long)panel * panelValues, panelValues));
            if (larger.Scales.Length > 0)
            {
                Panels.Scales.Span((long)panel * PanelKernels.Rows, PanelKernels.Rows).CopyTo(larger.Scales.Span((long)panel * PanelKernels.Rows, PanelKernels.Rows));
            }
        }

        var ids = new object[capacity];
        _idRoom.AsSpan(0, Count).CopyTo(ids);
        return (larger, ids);
    }

    private static void Write(EmbeddingPanels room, int row, ReadOnlySpan<float> embedding)
    {
        var first = ((long)(row / PanelKernels.Rows) * PanelKernels.Rows * room.Dimension) + (row % PanelKernels.Rows);
        for (var j = 0; j < embedding.Length; j++)
        {
            room.Values[first + ((long)j * PanelKernels.Rows)] = embedding[j];
        }

        if (room.Scales.Length > 0)
        {
            room.Scales[row] = (float)EmbeddingLength.Inverse(EmbeddingLength.Squared(embedding));
        }
    }
}
