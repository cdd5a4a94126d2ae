namespace DotRec.Cli;

/// <summary>Ctrl+C ended the work early, and what there was is kept; the message says what.</summary>
internal sealed class StoppedException(string message) : OperationCanceledException(message);
