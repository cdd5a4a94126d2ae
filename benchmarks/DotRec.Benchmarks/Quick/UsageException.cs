namespace DotRec.Benchmarks;

/// <summary>The command line asks for something that cannot be measured; the message says what to change.</summary>
internal sealed class UsageException(string message) : Exception(message);
