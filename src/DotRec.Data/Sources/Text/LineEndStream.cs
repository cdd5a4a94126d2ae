namespace DotRec.Data;

/// <summary>Text whose lines end in a carriage return alone, as old programs write it: with newlines instead.</summary>
internal sealed class LineEndStream(Stream inner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        buffer[..count].Replace((byte)'\r', (byte)'\n');
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
