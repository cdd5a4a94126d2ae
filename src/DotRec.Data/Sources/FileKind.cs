using System.Text;

namespace DotRec.Data;

/// <summary>What a file is that is no delimited text, by its first bytes.</summary>
/// <param name="Name">In words: "a Parquet file".</param>
/// <param name="Remedy">What to do, as a sentence.</param>
internal sealed record FileKind(string Name, string Remedy)
{
    private static readonly FileKind Parquet = new("a Parquet file", "Give it a name that ends in .parquet.");
    private static readonly FileKind Workbook = new("an Excel workbook (.xlsx)", "Save the sheet as CSV: in Excel, File, Save As, CSV UTF-8.");
    private static readonly FileKind OldWorkbook = new("a document of an older Office program, such as an Excel workbook (.xls)", "Save the sheet as CSV UTF-8.");
    private static readonly FileKind OpenDocument = new("an OpenDocument file (.ods)", "Save the sheet as CSV.");
    private static readonly FileKind Zip = new("a zip archive or an Excel workbook", "Save the sheet of a workbook as CSV; give an archive a name that ends in .zip.");
    private static readonly FileKind Gzip = new("a gzip file", "Give it a name that ends in .gz.");
    private static readonly FileKind Json = new("JSON", "Give it a name that ends in .json, or in .jsonl where each line is an object.");
    private static readonly FileKind Database = new("an SQLite database", "Export the table as CSV.");
    private static readonly FileKind Pdf = new("a PDF document", "Export its table as CSV.");
    private static readonly FileKind Html = new("a web page (HTML)", "The download may have been an error page: fetch the file again.");
    private static readonly FileKind Pickle = new("a file of Python (pickle or NumPy)", "Write the table with to_csv or to_parquet.");
    private static readonly FileKind Feather = new("an Arrow (Feather) file", "Write it as Parquet or CSV.");
    private static readonly FileKind Compressed = new("a compressed file (zstd, bzip2, xz or 7z)", "Unpack it, or compress it with gzip.");
    private static readonly FileKind Wide = new(
        "text with a zero byte in every other place, as UTF-16 has, without a byte order mark", "Save it as UTF-8, or say that its encoding is utf-16.");

    /// <summary>Null for what may be delimited text.</summary>
    public static FileKind? Of(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("PK\u0003\u0004"u8))
        {
            return start.IndexOf("xl/"u8) >= 0 || start.IndexOf("[Content_Types].xml"u8) >= 0 ? Workbook
                : start.IndexOf("mimetypeapplication/vnd.oasis.opendocument"u8) >= 0 ? OpenDocument
                : Zip;
        }

        return start switch
        {
            [0x1F, 0x8B, ..] => Gzip,
            [0xD0, 0xCF, 0x11, 0xE0, ..] => OldWorkbook,
            [0x28, 0xB5, 0x2F, 0xFD, ..] or [0xFD, (byte)'7', (byte)'z', ..] or [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => Compressed,
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, ..] => Compressed,
            [0x80, >= 2 and <= 5, ..] or [0x93, (byte)'N', (byte)'U', (byte)'M', ..] => Pickle,
            _ when start.StartsWith("PAR1"u8) => Parquet,
            _ when start.StartsWith("ARROW1"u8) || start.StartsWith("FEA1"u8) => Feather,
            _ when start.StartsWith("SQLite format 3"u8) => Database,
            _ when start.StartsWith("%PDF"u8) => Pdf,
            _ => OfText(start),
        };
    }

    private static FileKind? OfText(ReadOnlySpan<byte> start)
    {
        if (IsWide(start))
        {
            return Wide;
        }

        start = start.StartsWith(Encoding.UTF8.Preamble) ? start[3..] : start;
        start = start.TrimStart(" \t\r\n"u8);
        if (start.StartsWith("<!DOCTYPE"u8) || start.StartsWith("<html"u8) || start.StartsWith("<!doctype"u8))
        {
            return Html;
        }

        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'['))
        {
            return null;
        }

        var next = start[1..].TrimStart(" \t\r\n"u8);
        return !next.IsEmpty && next[0] is (byte)'"' or (byte)'{' or (byte)'}' or (byte)']' ? Json : null;
    }

    private static bool IsWide(ReadOnlySpan<byte> start)
    {
        if (start.Length < 16 || start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
        {
            return false;
        }

        var length = Math.Min(start.Length, 4096);
        Span<int> zeros = [0, 0];
        for (var i = 0; i < length; i++)
        {
            zeros[i & 1] += start[i] == 0 ? 1 : 0;
        }

        // Most letters and digits have a zero byte; of ordinary text none has.
        return Math.Max(zeros[0], zeros[1]) * 4 > length && Math.Min(zeros[0], zeros[1]) * 100 < length;
    }
}
