namespace DotRec.Kernels;

/// <summary>A path leads to a folder, a pipe, a device or a socket where a file was expected, or to a file longer than is read.</summary>
internal sealed class NoRegularFileException(string message) : IOException(message);
