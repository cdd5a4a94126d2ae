namespace DotRec.Pipelines;

/// <summary>An option of a pipeline that cannot be used: its name is the exception's parameter, so that a caller can say where to change it.</summary>
internal static class InvalidOption
{
    public static ArgumentException Named(string option, string message, Exception? cause = null) => new(message, option, cause);
}
