using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace DotRec.Kernels;

/// <summary>One running parallel loop: a counter of parts, handed to the thread pool once for each helper.</summary>
internal sealed class ParallelJob<TBody> : IThreadPoolWorkItem, IDisposable
    where TBody : struct, IParallelBody
{
    // Jobs are reused: a training step runs many loops and must not feed the collector.
    private static readonly ConcurrentBag<ParallelJob<TBody>> Idle = [];

    private readonly ManualResetEventSlim _finished = new(initialState: false);
    private readonly Lock _failureLock = new();
    private TBody _body;
    private int _parts;
    private int _next;
    private int _unfinished;
    private int _holders;
    private int _failedPart;
    private ExceptionDispatchInfo? _failure;

    public static void Run(int parts, int helpers, TBody body)
    {
        if (!Idle.TryTake(out var job))
        {
            job = new ParallelJob<TBody>();
        }

        job._body = body;
        job._parts = parts;
        job._next = 0;
        job._unfinished = parts;
        job._holders = helpers + 1;
        job._failure = null;
        job._failedPart = int.MaxValue;
        job._finished.Reset();
        for (var i = 0; i < helpers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
        }

        job.Work();
        job._finished.Wait();
        var failure = job._failure;
        job.Release();
        failure?.Throw();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        Work();
        Release();
    }

    public void Dispose() => _finished.Dispose();

    private void Work()
    {
        int part;
        while ((part = Interlocked.Increment(ref _next) - 1) < _parts)
        {
            if (Volatile.Read(ref _failure) is null)
            {
                try
                {
                    _body.Run(part);
                }
#pragma warning disable CA1031 // rethrown on the caller's thread
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Fail(part, exception);
                }
            }

            if (Interlocked.Decrement(ref _unfinished) == 0)
            {
                _finished.Set();
            }
        }
    }

    private void Fail(int part, Exception exception)
    {
        lock (_failureLock)
        {
            if (part < _failedPart)
            {
                _failedPart = part;
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }

    // A helper may reach the job long after the loop has ended: only the last holder may hand it to the next loop.
    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _body = default;
            _failure = null;
            Idle.Add(this);
        }
    }
}
