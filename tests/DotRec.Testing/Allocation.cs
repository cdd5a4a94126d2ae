namespace DotRec.Testing;

/// <summary>What code allocates, measured so that a busy process does not change the answer.</summary>
public static class Allocation
{
    /// <summary>
    /// The bytes that one call allocates on this thread: of a few rounds the cheapest. A single round may be charged with what is no part of the call: its code
    /// compiled anew, or what a collection left of this thread's block.
    /// </summary>
    /// <param name="call">Run 300 times.</param>
    public static double BytesACall(Action call)
    {
        const int Calls = 50;
        var min = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                call();
            }

            min = Math.Min(min, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (double)min / Calls;
    }
}
