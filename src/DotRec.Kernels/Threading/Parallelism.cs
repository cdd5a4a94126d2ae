namespace DotRec.Kernels;

/// <summary>
/// Parallel loops over parts that the caller fixes. The number of parts must follow from the problem, never from <see cref="Threads"/>, unless what
/// is computed has nothing to do with the parts: then every part does the same arithmetic at any thread count, and so gives the same bytes.
/// </summary>
internal static class Parallelism
{
    /// <summary>Environment variable with the number of threads to use.</summary>
    public const string Variable = "DOTREC_THREADS";

    private static int _threads = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>How many threads a loop may use, the caller's included. Changes the time a result takes, never the result.</summary>
    public static int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Volatile.Write(ref _threads, value);
        }
    }

    /// <summary>Runs every part of 0 … <paramref name="parts"/> − 1 once and returns when all are done.</summary>
    /// <remarks>
    /// The caller works too, and waits only for parts already begun: loops may nest, and a busy thread pool costs time but cannot deadlock.
    /// When a part throws, parts not yet begun are left out and the exception of the lowest part that threw is rethrown here.
    /// </remarks>
    public static void For<TBody>(int parts, TBody body)
        where TBody : struct, IParallelBody
    {
        var helpers = Math.Min(Threads, parts) - 1;
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
    public static void For(int parts, Action<int> body) => For(parts, new DelegateBody(body));

    /// <summary>Splits 0 … <paramref name="length"/> − 1 into ranges of <paramref name="rangeLength"/> and runs <paramref name="body"/>(start, end) for each.</summary>
    public static void ForRanges(int length, int rangeLength, Action<int, int> body)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rangeLength);
        For((int)(((long)length + rangeLength - 1) / rangeLength), new RangeBody(length, rangeLength, body));
    }

    internal static int Choose(string? text) => string.IsNullOrEmpty(text)
        ? Environment.ProcessorCount
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var threads) && threads > 0
            ? threads
            : throw new InvalidOperationException($"{Variable} is '{text}'; expected a whole number of at least 1, or nothing for one thread a processor.");

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
