using System.CommandLine;

namespace DotRec.Cli;

/// <summary><c>dotrec bench</c>: how fast and how right DotRec is on this machine and these data.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure speed and quality on this machine.") { BenchIndexCommand.Create() };
}
