using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DotRec.Data;

/// <summary>
/// Splits a stream of delimited text into records and fields, as bytes: no UTF-16 is made. Fields are found 64 bytes at a time by comparing with the
/// delimiter and the newline. A field in double quotes may hold delimiters, newlines and doubled quotes (RFC 4180); a quote inside an unquoted field
/// is a character like any other. Spaces around a field belong to it only inside quotes. Lines may end in CRLF or LF, blank lines are passed over, and a
/// byte order mark is skipped.
/// </summary>
internal sealed class DelimitedReader : IDisposable
{
    /// <summary>A record may not be longer: what is longer is an unclosed quote or no text, and should not fill the memory.</summary>
    internal const int MaximumRecordLength = 16 << 20;

    private const int BlockLength = 64;
    private const byte NewLine = (byte)'\n';
    private const byte Quote = (byte)'"';
    private const byte Space = (byte)' ';

    private readonly Stream _stream;
    private readonly string _file;
    private readonly byte[] _delimiter;
    private readonly bool _quotes;
    private readonly bool _trims;
    private byte[] _buffer;
    private int _next;
    private int _end;
    private bool _atEnd;
    private long _nextLine = 1;
    private FieldRange[] _fields = new FieldRange[16];
    private byte[] _unescaped = [];
    private bool _isUnread;

    /// <param name="stream">The text; disposed with this.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="delimiter">One or more bytes between fields.</param>
    /// <param name="quotes">False when a double quote has no meaning.</param>
    /// <param name="bufferLength">Bytes read at a time, at least 4; small values are for tests.</param>
    public DelimitedReader(Stream stream, string file, ReadOnlySpan<byte> delimiter, bool quotes = true, int bufferLength = 1 << 18)
    {
        _stream = stream;
        _file = file;
        _delimiter = delimiter.ToArray();
        _quotes = quotes;
        _trims = !_delimiter.AsSpan().Contains(Space);
        _buffer = new byte[bufferLength + BlockLength];
        SkipByteOrderMark();
    }

    /// <summary>Line the current record starts at, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Fields of the current record.</summary>
    public int FieldCount { get; private set; }

    /// <summary>A field of the current record, without its quotes. Valid until the next call of this or of <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var range = _fields[field];
            return range.End >= 0 ? _buffer.AsSpan(range.Start, range.End - range.Start) : Unescape(range);
        }
    }

    /// <summary>Makes the next <see cref="Read"/> give the current record once more.</summary>
    public void Unread() => _isUnread = true;

    /// <summary>Goes on to the next record; false at the end.</summary>
    /// <exception cref="DataFormatException">A quoted field is not closed, goes on after its closing quote, or a record is too long.</exception>
    public bool Read()
    {
        if (_isUnread)
        {
            _isUnread = false;
            return true;
        }

        while (true)
        {
            Line = _nextLine;
            var start = _next;
            if (start < _end && TrySplit())
            {
                if (FieldCount == 1 && _fields[0] == new FieldRange(start, start))
                {
                    continue;
                }

                return true;
            }

            if (!Fill())
            {
                return false;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    // Splits the record at _next; false when the buffer ends before the record does.
    private bool TrySplit()
    {
        ref var origin = ref MemoryMarshal.GetArrayDataReference(_buffer);
        var (start, count, lines) = (_next, 0, 1L);
        var block = start;
        var mask = Structure(ref Unsafe.Add(ref origin, block));
        while (true)
        {
            var contentEnd = -1;
            var content = start;
            // One comparison for nearly all fields: spaces and quotes are the least of the characters that begin one.
            if (Unsafe.Add(ref origin, start) <= Quote)
            {
                while (_trims && content < _end && Unsafe.Add(ref origin, content) == Space)
                {
                    content++;
                }

                if (_quotes && content < _end && Unsafe.Add(ref origin, content) == Quote)
                {
                    if (!TryQuoted(content, out contentEnd, out var after, ref lines))
                    {
                        return false;
                    }

                    AddField(ref count, new FieldRange(content + 1, contentEnd));
                    block = after;
                    mask = Structure(ref Unsafe.Add(ref origin, block));
                }
            }

            int position;
            bool isDelimiter;
            do
            {
                while (mask == 0)
                {
                    block += BlockLength;
                    if (block >= _end)
                    {
                        return false;
                    }

                    mask = Structure(ref Unsafe.Add(ref origin, block));
                }

                position = block + BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
                if (position >= _end)
                {
                    return false;
                }

                isDelimiter = Unsafe.Add(ref origin, position) != NewLine;
            }
            while (isDelimiter && _delimiter.Length > 1 && !IsWholeDelimiter(start, position));

            if (contentEnd == -1)
            {
                var end = !isDelimiter && position > start && Unsafe.Add(ref origin, position - 1) == '\r' ? position - 1 : position;
                if (end > content && Unsafe.Add(ref origin, end - 1) == Space && _trims)
                {
                    end = Trimmed(content, end);
                }

                // A field of spaces alone is empty, and where it is a line, the line is blank.
                AddField(ref count, end > content ? new FieldRange(content, end) : new FieldRange(start, start));
            }

            if (!isDelimiter)
            {
                FieldCount = count;
                _next = position + 1;
                _nextLine += lines;
                return true;
            }

            start = position + _delimiter.Length;
        }
    }

    // The delimiter's first byte is at the position: is the rest there too, and not part of an earlier delimiter ("a:::b" splits after the first two)?
    private bool IsWholeDelimiter(int start, int position) =>
        position >= start && _buffer.AsSpan(position, Math.Min(_delimiter.Length, _end - position)).SequenceEqual(_delimiter);

    private int Trimmed(int start, int end)
    {
        while (end > start && _buffer[end - 1] == Space)
        {
            end--;
        }

        return end;
    }

    // Finds the closing quote. contentEnd is complemented when the content holds doubled quotes.
    private bool TryQuoted(int start, out int contentEnd, out int after, ref long lines)
    {
        var (position, escaped) = (start + 1, false);
        (contentEnd, after) = (0, 0);
        while (true)
        {
            var length = _buffer.AsSpan(position.._end).IndexOf(Quote);
            if (length < 0)
            {
                return NeedsMore();
            }

            var close = position + length;
            after = close + 1;
            if (after == _end)
            {
                return NeedsMore();
            }

            if (_buffer[after] == Quote)
            {
                (position, escaped) = (after + 1, true);
                continue;
            }

            while (after < _end && _buffer[after] == Space && _trims)
            {
                after++;
            }

            if (after == _end)
            {
                return NeedsMore();
            }

            var crlf = _buffer[after] == '\r';
            if (crlf && after + 1 == _end)
            {
                return NeedsMore();
            }

            var rest = _buffer.AsSpan(after.._end);
            if (rest[0] != NewLine && !(crlf && rest[1] == NewLine) && !rest.StartsWith(_delimiter))
            {
                return rest.Length < _delimiter.Length && !_atEnd
                    ? false
                    : throw new DataFormatException(
                        _file,
                        Line,
                        "found text after the closing quote of a field, expected a delimiter or the end of the line. Double the quotes inside a quoted field.");
            }

            lines += _buffer.AsSpan(start..close).Count(NewLine);
            contentEnd = escaped ? ~close : close;
            return true;
        }

        bool NeedsMore() => _atEnd
            ? throw new DataFormatException(_file, Line, "found a quoted field that is not closed before the end of the file, expected a closing quote.")
            : false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddField(ref int count, FieldRange field)
    {
        if (count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * count);
        }

        _fields[count++] = field;
    }

    private ReadOnlySpan<byte> Unescape(FieldRange range)
    {
        var content = _buffer.AsSpan(range.Start..~range.End);
        if (_unescaped.Length < content.Length)
        {
            _unescaped = new byte[2 * content.Length];
        }

        var length = 0;
        for (var i = 0; i < content.Length; i++)
        {
            _unescaped[length++] = content[i];
            i += content[i] == Quote ? 1 : 0;
        }

        return _unescaped.AsSpan(0, length);
    }

    // Bit i is set when byte i is a newline or the first byte of the delimiter.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Structure(ref byte bytes)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var block = Vector512.LoadUnsafe(ref bytes);
            return (Vector512.Equals(block, Vector512.Create(_delimiter[0])) | Vector512.Equals(block, Vector512.Create(NewLine))).ExtractMostSignificantBits();
        }

        return Half(ref bytes) | ((ulong)Half(ref Unsafe.Add(ref bytes, BlockLength / 2)) << (BlockLength / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Half(ref byte bytes)
    {
        var block = Vector256.LoadUnsafe(ref bytes);
        return (Vector256.Equals(block, Vector256.Create(_delimiter[0])) | Vector256.Equals(block, Vector256.Create(NewLine))).ExtractMostSignificantBits();
    }

    // Moves the unfinished record to the front, makes room if it fills the buffer, and reads on. False when nothing is left.
    private bool Fill()
    {
        if (_atEnd)
        {
            return false;
        }

        var kept = _end - _next;
        if (kept > MaximumRecordLength)
        {
            throw new DataFormatException(
                _file,
                Line,
                $"found a record longer than {MaximumRecordLength >> 20} MiB, expected lines of text. Is a quoted field not closed, or is this no text file?");
        }

        var capacity = _buffer.Length - BlockLength;
        var former = _buffer;
        if (kept > capacity / 2)
        {
            _buffer = new byte[(2 * capacity) + BlockLength];
            capacity *= 2;
        }

        Array.Copy(former, _next, _buffer, 0, kept);
        (_next, _end) = (0, kept);
        var count = _stream.ReadAtLeast(_buffer.AsSpan(_end, capacity - _end - 1), capacity - _end - 1, throwOnEndOfStream: false);
        _end += count;
        if (count == 0)
        {
            _atEnd = true;
            if (kept == 0)
            {
                return false;
            }

            // The last line need not end in a newline: it gets one, so that splitting knows one end only. Room for it was kept.
            if (_buffer[_end - 1] != NewLine)
            {
                _buffer[_end++] = NewLine;
            }
        }

        return true;
    }

    private void SkipByteOrderMark()
    {
        while (_end < 3 && Fill())
        {
            if (_atEnd)
            {
                break;
            }
        }

        var start = _buffer.AsSpan(0, _end);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            _next = 3;
        }
        else if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new DataFormatException(_file, 1, "found UTF-16 text, expected UTF-8. Save the file as UTF-8, or give the encoding in the options.");
        }
    }

    // Where a field's content lies in the buffer. End is complemented when the content holds doubled quotes.
    private readonly record struct FieldRange(int Start, int End);
}
