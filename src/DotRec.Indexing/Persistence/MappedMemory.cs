using System.IO.MemoryMappedFiles;

namespace DotRec.Indexing;

/// <summary>
/// A file mapped for reading. Saving never writes into an existing file, it renames a new one over it, so the mapped bytes stay what they were.
/// Whoever truncates the file in place takes the pages away from under its readers, as with every mapped file.
/// </summary>
internal sealed class MappedMemory : IndexMemory
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private unsafe MappedMemory(string path, long length, MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        Source = path;
        ByteLength = length;
        _file = file;
        _view = view;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        SetHandle((nint)(start + view.PointerOffset));
    }

    public override string Source { get; }

    public override long ByteLength { get; }

    /// <summary>Maps the whole of a file, which may not be empty.</summary>
    public static MappedMemory Open(string path, FileStream stream)
    {
        var length = stream.Length;
        var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            return new MappedMemory(path, length, file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    protected override bool ReleaseHandle()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        return true;
    }
}
