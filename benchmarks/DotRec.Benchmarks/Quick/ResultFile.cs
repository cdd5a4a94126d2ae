using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Files of results: one JSON object each.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the object in one step, so that a reader never sees half a result. No path, no file.</summary>
    public static void Write(string? path, JsonObject result)
    {
        if (path is null)
        {
            return;
        }

        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        OutputFile.Write(full, Encoding.UTF8.GetBytes(result.ToJsonString(Format) + "\n"));
    }
}
