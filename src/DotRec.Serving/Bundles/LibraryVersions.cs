using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>What a bundle says of the software that wrote it.</summary>
internal static class LibraryVersions
{
    public static IReadOnlyDictionary<string, string> Current => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["DotRec"] = VersionOf(typeof(LibraryVersions)),
        ["Microsoft.ML.OnnxRuntime"] = OrtEnv.Instance().GetVersionString(),
        ["Parquet.Net"] = VersionOf(typeof(Parquet.ParquetWriter)),
        [".NET"] = Environment.Version.ToString(),
    };

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
