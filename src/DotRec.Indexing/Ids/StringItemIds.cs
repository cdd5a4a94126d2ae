using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace DotRec.Indexing;

/// <summary>String ids: UTF-8 text of row r at offsets[r] … offsets[r + 1] of one blob, and a hash table from text to row.</summary>
internal sealed class StringItemIds(Section<long> offsets, Section<byte> text, IdTable table) : ItemIds
{
    private const int StackBytes = 512;

    // Lone surrogates would all become U+FFFD, so that different ids became equal: they are refused instead.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Section<long> Offsets => offsets;

    public Section<byte> Text => text;

    public IdTable Table => table;

    public override int Count => (int)(offsets.Length - 1);

    public override ItemIdType Type => ItemIdType.String;

    public static StringItemIds Build(ReadOnlySpan<string> ids)
    {
        var offsets = AllocatedMemory.New<long>(ids.Length + 1L);
        for (var row = 0; row < ids.Length; row++)
        {
            offsets[row + 1] = offsets[row] + ByteCount(ids, row);
        }

        var text = AllocatedMemory.New<byte>(offsets[ids.Length]);
        var result = new StringItemIds(offsets, text, IdTable.New(ids.Length));
        for (var row = 0; row < ids.Length; row++)
        {
            Strict.GetBytes(ids[row], result.Utf8(row));
            result.Insert(ids, row);
        }

        return result;
    }

    public override string GetString(int row)
    {
        CheckRow(row);
        using var hold = text.Memory.Hold();
        using var offsetsHold = offsets.Memory.Hold();
        return Encoding.UTF8.GetString(Utf8(row));
    }

    public override int RowOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var capacity = Encoding.UTF8.GetMaxByteCount(id.Length);
        var rented = capacity > StackBytes ? ArrayPool<byte>.Shared.Rent(capacity) : null;
        var buffer = rented ?? stackalloc byte[StackBytes];
        try
        {
            var valid = System.Text.Unicode.Utf8.FromUtf16(id, buffer, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done;
            return valid ? RowOfUtf8(buffer[..written]) : -1;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private int RowOfUtf8(ReadOnlySpan<byte> id)
    {
        using var hold = text.Memory.Hold();
        using var offsetsHold = offsets.Memory.Hold();
        using var tableHold = table.Slots.Memory.Hold();
        var probe = table.Begin(XxHash64.HashToUInt64(id));
        return Find(id, ref probe);
    }

    private int Find(ReadOnlySpan<byte> id, ref IdTable.Probe probe)
    {
        for (var row = table.Next(ref probe); row >= 0; row = table.Next(ref probe))
        {
            if ((uint)row >= (uint)Count)
            {
                throw new ArtifactFormatException(text.Memory.Source, null, $"the id table names row {row} of {Count}. The file is damaged.");
            }

            if (Utf8(row).SequenceEqual(id))
            {
                return row;
            }
        }

        return -1;
    }

    private static int ByteCount(ReadOnlySpan<string> ids, int row)
    {
        try
        {
            return ids[row] is { } id
                ? Strict.GetByteCount(id)
                : throw new ArgumentException($"The id of row {row} is null. Every item needs an id.", nameof(ids));
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"The id of row {row} is not valid text: it holds half a surrogate pair at position {e.Index}.", nameof(ids), e);
        }
    }

    private void Insert(ReadOnlySpan<string> ids, int row)
    {
        var id = Utf8(row);
        var probe = table.Begin(XxHash64.HashToUInt64(id));
        var other = Find(id, ref probe);
        if (other >= 0)
        {
            throw new ArgumentException(
                $"Id '{ids[row]}' is given to rows {other} and {row}. Every item needs an id of its own.", nameof(ids));
        }

        table.Insert(probe, row);
    }

    private Span<byte> Utf8(int row)
    {
        var (start, end) = (offsets[row], offsets[row + 1L]);
        if (start < 0 || end < start || end > text.Length || end - start > int.MaxValue)
        {
            throw new ArtifactFormatException(
                text.Memory.Source, null, $"the id of row {row} claims bytes {start} to {end} of {text.Length}. The file is damaged.");
        }

        return text.Span(start, (int)(end - start));
    }
}
