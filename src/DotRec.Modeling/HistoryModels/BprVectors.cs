using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>What a step of <see cref="BprRun"/> does with vectors, each in one pass: rows of some dozen values are too short for a pass an operation.</summary>
internal static class BprVectors
{
    /// <summary>Asks memory for a row before it is used.</summary>
    public static unsafe void Fetch(ReadOnlySpan<float> row) =>
        RowPrefetch.Row((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row)), row.Length * sizeof(float));

    /// <summary>sum += x.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<float> sum)
    {
        Lanes xs = new(x), sums = new(sum);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sums.Store(i, sums.Load(i) + xs.Load(i));
        }

        for (; i < x.Length; i++)
        {
            sum[i] += x[i];
        }
    }

    /// <summary>push = sum − input and own = item − other; their inner product is returned.</summary>
    public static float Differences(ReadOnlySpan<float> sum, ReadOnlySpan<float> input, ReadOnlySpan<float> item, ReadOnlySpan<float> other, Span<float> push, Span<float> own)
    {
        Lanes sums = new(sum), inputs = new(input), items = new(item), others = new(other), pushes = new(push), owns = new(own);
        Vector<float> first = default, second = default;
        var i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var p = sums.Load(i) - inputs.Load(i);
            var o = items.Load(i) - others.Load(i);
            pushes.Store(i, p);
            owns.Store(i, o);
            (first, second) = (second, Vector.MultiplyAddEstimate(p, o, first));
        }

        var product = Vector.Sum(first + second);
        for (; i < sum.Length; i++)
        {
            (push[i], own[i]) = (sum[i] - input[i], item[i] - other[i]);
            product += push[i] * own[i];
        }

        return product;
    }

    /// <summary>push *= pushFactor, own *= ownFactor, pull += own.</summary>
    public static void Scale(Span<float> push, float pushFactor, Span<float> own, float ownFactor, Span<float> pull)
    {
        Lanes pushes = new(push), owns = new(own), pulls = new(pull);
        var i = 0;
        for (; i <= push.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var o = owns.Load(i) * ownFactor;
            pushes.Store(i, pushes.Load(i) * pushFactor);
            owns.Store(i, o);
            pulls.Store(i, pulls.Load(i) + o);
        }

        for (; i < push.Length; i++)
        {
            push[i] *= pushFactor;
            own[i] *= ownFactor;
            pull[i] += own[i];
        }
    }

    /// <summary>x = shrink·x + sign·step.</summary>
    public static void ShrinkAndAdd(Span<float> x, float shrink, ReadOnlySpan<float> step, float sign)
    {
        Lanes xs = new(x), steps = new(step);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            xs.Store(i, (xs.Load(i) * shrink) + (steps.Load(i) * sign));
        }

        for (; i < x.Length; i++)
        {
            x[i] = (x[i] * shrink) + (step[i] * sign);
        }
    }

    /// <summary>x = shrink·x + step − less.</summary>
    public static void ShrinkAndAdd(Span<float> x, float shrink, ReadOnlySpan<float> step, ReadOnlySpan<float> less)
    {
        Lanes xs = new(x), steps = new(step), lesses = new(less);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            xs.Store(i, (xs.Load(i) * shrink) + (steps.Load(i) - lesses.Load(i)));
        }

        for (; i < x.Length; i++)
        {
            x[i] = (x[i] * shrink) + (step[i] - less[i]);
        }
    }

    // Without a check of the bounds at every load: rows are cut by their callers, and loops above stay inside them.
    private readonly ref struct Lanes(ReadOnlySpan<float> values)
    {
        private readonly ref float _start = ref MemoryMarshal.GetReference(values);

        public Vector<float> Load(int i) => Vector.LoadUnsafe(ref _start, (nuint)i);

        public void Store(int i, Vector<float> value) => value.StoreUnsafe(ref _start, (nuint)i);
    }
}
