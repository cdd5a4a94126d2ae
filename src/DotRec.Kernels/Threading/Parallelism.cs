namespace DotRec.Kernels;

/// <summary>How many threads DotRec computes on: training, building indexes, batches of searches, reading files.</summary>
/// <remarks>
/// One setting for the process, as BLAS libraries have it, which may be changed at any time. It changes how long a result takes, never the result:
/// the same seed and the same input give the same bits at any number of threads.
/// </remarks>
/// <example>A web host that leaves cores to its requests:
/// <code>
/// Parallelism.MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 4);
/// </code>
/// </example>
public static class Parallelism
{
    /// <summary>Environment variable with the number of threads to start with.</summary>
    internal const string Variable = "DOTREC_THREADS";

    // 0 until it is set or first read: a static initializer that throws would hide the sentence about a wrong variable.
    private static int _maximum;

    /// <summary>
    /// How many threads one computation may use, the caller's included. A single search, and whatever else is too small to divide, runs on the
    /// caller's thread alone. Starts as the environment variable DOTREC_THREADS, or else as the number of processors. Threads come from the
    /// thread pool; calls made at the same time have as many each, so a host also limits how many it lets in.
    /// </summary>
    /// <value>At least 1. A computation that runs already keeps the number it began with.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    /// <exception cref="EnvironmentVariableException">DOTREC_THREADS is no whole number of at least 1.</exception>
    public static int MaxDegreeOfParallelism
    {
        get
        {
            var maximum = Volatile.Read(ref _maximum);
            if (maximum == 0)
            {
                maximum = Choose(Environment.GetEnvironmentVariable(Variable));

                // Unless it has been set meanwhile.
                var before = Interlocked.CompareExchange(ref _maximum, maximum, 0);
                return before == 0 ? maximum : before;
            }

            return maximum;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Volatile.Write(ref _maximum, value);
        }
    }

    // Parallel loops over parts that the caller fixes. The number of parts must follow from the problem, never from the number of threads, unless
    // what is computed has nothing to do with the parts: then every part does the same arithmetic at any thread count, and so gives the same bytes.

    /// <summary>Runs every part of 0 … <paramref name="parts"/> − 1 once and returns when all are done.</summary>
    /// <remarks>
    /// The caller works too, and waits only for parts already begun: loops may nest, and a busy thread pool costs time but cannot deadlock.
    /// When a part throws, parts not yet begun are left out and the exception of the lowest part that threw is rethrown here.
    /// </remarks>
    internal static void For<TBody>(int parts, TBody body)
        where TBody : struct, IParallelBody
    {
        var helpers = Math.Min(MaxDegreeOfParallelism, parts) - 1;
        if (helpers <= 0)
        {
            for (var part = 0; part < parts; part++)
            {
                body.Run(part);
            }

            return;
        }

        ParallelJob<TBody>.Run(parts, helpers, body);
    }

    /// <summary>As <see cref="For{TBody}(int, TBody)"/>, for code where one delegate a loop does not matter.</summary>
    internal static void For(int parts, Action<int> body) => For(parts, new DelegateBody(body));

    /// <summary>
    /// Splits 0 … <paramref name="length"/> − 1 into ranges of <paramref name="rangeLength"/> and runs <paramref name="body"/>(start, end) for each.
    /// </summary>
    internal static void ForRanges(int length, int rangeLength, Action<int, int> body)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rangeLength);
        For((int)(((long)length + rangeLength - 1) / rangeLength), new RangeBody(length, rangeLength, body));
    }

    internal static int Choose(string? text) => string.IsNullOrEmpty(text)
        ? Environment.ProcessorCount
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var threads) && threads > 0
            ? threads
            : throw new EnvironmentVariableException(
                Variable, $"{Variable} is '{text}'; expected a whole number of at least 1, or nothing for one thread a processor.");

    private readonly struct DelegateBody(Action<int> body) : IParallelBody
    {
        public void Run(int part) => body(part);
    }

    private readonly struct RangeBody(int length, int rangeLength, Action<int, int> body) : IParallelBody
    {
        public void Run(int part)
        {
            var start = part * rangeLength;
            body(start, (int)Math.Min((long)start + rangeLength, length));
        }
    }
}
