namespace DotRec.Kernels;

/// <summary>An environment variable that DotRec reads holds something it cannot be.</summary>
/// <remarks>
/// The message names the variable, its value and what it may be. It is thrown by the first call that needs the setting, and by every later one:
/// a process never goes on with another setting than it was given.
/// </remarks>
public sealed class EnvironmentVariableException : Exception
{
    internal EnvironmentVariableException(string variable, string message)
        : base(message) => Variable = variable;

    /// <summary>The name of the variable.</summary>
    public string Variable { get; }
}
