using System.Diagnostics;

namespace DotRec.Benchmarks;

/// <summary>Processor time of all threads of this process: what work costs however busy the machine is and on however many cores it runs.</summary>
internal static class ProcessorClock
{
    public static double Seconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
