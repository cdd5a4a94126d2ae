using System.Numerics;

namespace DotRec.Autodiff;

/// <summary>Idle buffers by size class (four classes between powers of two, so at most a fifth of a buffer is unused). Thread-safe.</summary>
internal static class BufferPool
{
    private const int SmallestBits = 6;
    private const int StepsPerPower = 4;
    private static readonly Lock Guard = new();
    private static readonly Stack<TensorBuffer>[] Idle = CreateClasses();
    private static long _bytes;

    /// <summary>Bytes of all buffers ever made for the pool and not released, idle or in use.</summary>
    public static long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A buffer of at least <paramref name="length"/> values, holding anything.</summary>
    public static TensorBuffer Rent(int length)
    {
        var sizeClass = ClassOf(length);
        lock (Guard)
        {
            if (Idle[sizeClass].TryPop(out var idle))
            {
                return idle;
            }
        }

        var buffer = new TensorBuffer(SizeOf(sizeClass));
        Interlocked.Add(ref _bytes, (long)buffer.Capacity * sizeof(float));
        return buffer;
    }

    /// <summary>Takes a buffer back. Tensors that still refer to it notice by its generation.</summary>
    public static void Return(TensorBuffer buffer)
    {
        buffer.Generation++;
        lock (Guard)
        {
            Idle[ClassOf(buffer.Capacity)].Push(buffer);
        }
    }

    /// <summary>Leaves a rented buffer to the garbage collector.</summary>
    public static void Forget(TensorBuffer buffer) => Interlocked.Add(ref _bytes, -(long)buffer.Capacity * sizeof(float));

    /// <summary>Leaves all idle buffers to the garbage collector.</summary>
    public static void ReleaseIdle()
    {
        lock (Guard)
        {
            foreach (var buffers in Idle)
            {
                foreach (var buffer in buffers)
                {
                    Forget(buffer);
                }

                buffers.Clear();
            }
        }
    }

    internal static int ClassOf(int length)
    {
        if (length <= 1 << SmallestBits)
        {
            return 0;
        }

        // length is in (2^power, 2^(power + 1)], split into four equal steps.
        var power = BitOperations.Log2((uint)length - 1);
        var step = (length - 1 - (1 << power)) / ((1 << power) / StepsPerPower);
        return ((power - SmallestBits) * StepsPerPower) + step + 1;
    }

    internal static int SizeOf(int sizeClass)
    {
        var power = SmallestBits + ((sizeClass - 1) / StepsPerPower);
        return sizeClass == 0 ? 1 << SmallestBits : (1 << power) + ((((sizeClass - 1) % StepsPerPower) + 1) * ((1 << power) / StepsPerPower));
    }

    private static Stack<TensorBuffer>[] CreateClasses()
    {
        var classes = new Stack<TensorBuffer>[ClassOf(int.MaxValue / 2) + 1];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = new Stack<TensorBuffer>();
        }

        return classes;
    }
}
