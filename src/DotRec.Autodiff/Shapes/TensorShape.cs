using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DotRec.Autodiff;

/// <summary>Sizes of a row-major tensor, axis by axis, held inline so that making a tensor allocates no array.</summary>
internal readonly struct TensorShape : IEquatable<TensorShape>
{
    public const int MaximumRank = 6;

    private readonly Sizes _sizes;

    public TensorShape(ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaximumRank)
        {
            throw new ShapeException($"A tensor has at most {MaximumRank} axes; the shape [{Join(sizes)}] has {sizes.Length}.");
        }

        long length = 1;
        foreach (var size in sizes)
        {
            if (size < 0)
            {
                throw new ShapeException($"The shape [{Join(sizes)}] has a negative size; sizes are 0 or more.");
            }

            length = Math.Min(length * size, 1L << 32);
        }

        if (length > Array.MaxLength / 2)
        {
            throw new ShapeException($"The shape [{Join(sizes)}] holds more than {Array.MaxLength / 2} values, the most a tensor holds.");
        }

        Rank = sizes.Length;
        Volume = (int)length;
        sizes.CopyTo(_sizes);
    }

    public int Rank { get; }

    /// <summary>Number of values: the product of the sizes, 1 for a scalar.</summary>
    public int Volume { get; }

    [UnscopedRef]
    public ReadOnlySpan<int> Span => ((ReadOnlySpan<int>)_sizes)[..Rank];

    public int this[int axis] => Span[axis];

    /// <summary>Axis counted from the end when negative.</summary>
    public int Axis(string operation, int axis)
    {
        if (axis < -Rank || axis >= Rank)
        {
            throw new ShapeException($"{operation}: {this} has {Rank} axes; axis {axis} does not exist.");
        }

        return axis < 0 ? axis + Rank : axis;
    }

    /// <summary>Product of the sizes before an axis.</summary>
    public int Before(int axis) => Product(Span[..axis]);

    /// <summary>Product of the sizes after an axis.</summary>
    public int After(int axis) => Product(Span[(axis + 1)..]);

    /// <summary>The same shape with another size on one axis.</summary>
    public TensorShape With(int axis, int size)
    {
        Span<int> sizes = stackalloc int[Rank];
        Span.CopyTo(sizes);
        sizes[axis] = size;
        return new TensorShape(sizes);
    }

    /// <summary>The shape left when an axis is reduced: dropped, or kept with size 1.</summary>
    public TensorShape Reduce(int axis, bool keepDimension)
    {
        if (keepDimension)
        {
            return With(axis, 1);
        }

        Span<int> sizes = stackalloc int[Rank - 1];
        Span[..axis].CopyTo(sizes);
        Span[(axis + 1)..].CopyTo(sizes[axis..]);
        return new TensorShape(sizes);
    }

    /// <summary>Numpy's broadcasting: sizes align at the last axis; sizes agree, or one of them is 1 or absent.</summary>
    public static TensorShape Broadcast(string operation, in TensorShape left, in TensorShape right)
    {
        if (left.Equals(right))
        {
            return left;
        }

        var rank = Math.Max(left.Rank, right.Rank);
        Span<int> sizes = stackalloc int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var x = i <= left.Rank ? left[left.Rank - i] : 1;
            var y = i <= right.Rank ? right[right.Rank - i] : 1;
            if (x != y && x != 1 && y != 1)
            {
                throw new ShapeException(
                    $"{operation}: the shapes {left} and {right} do not broadcast. Aligned at the last axis, sizes must be equal or 1; {x} meets {y}.");
            }

            sizes[rank - i] = x == 1 ? y : x;
        }

        return new TensorShape(sizes);
    }

    public bool Equals(TensorShape other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var size in Span)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{Join(Span)}]";

    private static int Product(ReadOnlySpan<int> sizes)
    {
        var product = 1;
        foreach (var size in sizes)
        {
            product *= size;
        }

        return product;
    }

    private static string Join(ReadOnlySpan<int> sizes) => string.Join(", ", sizes.ToArray());

    [InlineArray(MaximumRank)]
    private struct Sizes
    {
        private int _first;
    }
}
