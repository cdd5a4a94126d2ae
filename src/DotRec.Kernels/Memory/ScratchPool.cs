using System.Collections.Concurrent;
using System.Numerics;

namespace DotRec.Kernels;

/// <summary>Pinned float buffers that kernels borrow for packed operands and partial sums, so that a warm kernel allocates nothing.</summary>
internal static class ScratchPool
{
    // Beyond this much, returned buffers go to the collector instead.
    private const long RetainedByteLimit = 256L << 20;

    private static readonly ConcurrentBag<float[]>[] Buckets = CreateBuckets();
    private static long _retainedBytes;

    /// <summary>A pinned array of at least <paramref name="length"/> values, contents undefined.</summary>
    public static float[] Rent(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength);
        var bucket = Bucket(length);
        if (Buckets[bucket].TryTake(out var array))
        {
            Interlocked.Add(ref _retainedBytes, -(long)array.Length * sizeof(float));
            return array;
        }

        return GC.AllocateUninitializedArray<float>((int)Math.Min(1L << bucket, Array.MaxLength), pinned: true);
    }

    /// <summary>Gives an array back. Its address must not be used any more.</summary>
    public static void Return(float[] array)
    {
        if (Interlocked.Add(ref _retainedBytes, (long)array.Length * sizeof(float)) > RetainedByteLimit)
        {
            Interlocked.Add(ref _retainedBytes, -(long)array.Length * sizeof(float));
            return;
        }

        Buckets[Bucket(array.Length)].Add(array);
    }

    private static int Bucket(long length) => BitOperations.Log2((ulong)Math.Max(length, 1024) - 1) + 1;

    private static ConcurrentBag<float[]>[] CreateBuckets()
    {
        var buckets = new ConcurrentBag<float[]>[32];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = [];
        }

        return buckets;
    }
}
