namespace DotRec.Cli;

/// <summary>What the tool's exit status means to a script.</summary>
internal enum ExitCode
{
    Success = 0,

    /// <summary>A wrong option or argument: change the command.</summary>
    User = 1,

    /// <summary>A file, a bundle or an environment variable that cannot be used: change that.</summary>
    Data = 2,

    /// <summary>A fault of the tool.</summary>
    Internal = 3,

    /// <summary>Stopped by Ctrl+C, the shell's convention for SIGINT. Training that had finished an epoch has saved its bundle, and says so.</summary>
    Cancelled = 130,
}
