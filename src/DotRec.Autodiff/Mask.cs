using System.Runtime.InteropServices;

namespace DotRec.Autodiff;

/// <summary>Booleans with a shape, for <see cref="Tensor.Where(Mask, Tensor, Tensor)"/>. Immutable; it lives as long as the scope it was made in.</summary>
public sealed class Mask
{
    private readonly Tensor _memory;
    private readonly TensorShape _layout;

    private Mask(Tensor memory, in TensorShape layout)
    {
        _memory = memory;
        _layout = layout;
    }

    /// <summary>Size of each axis.</summary>
    public ReadOnlySpan<int> Shape => _layout.Span;

    /// <summary>The booleans, row-major.</summary>
    /// <exception cref="ObjectDisposedException">The mask's scope has ended.</exception>
    public ReadOnlySpan<bool> Values => MemoryMarshal.Cast<float, bool>(_memory.Values)[..Layout.Volume];

    internal ref readonly TensorShape Layout => ref _layout;

    /// <summary>The comparison that made the mask, if one did.</summary>
    internal Comparison? Source { get; private init; }

    /// <summary>The values are part of the model, not of a batch.</summary>
    internal bool IsConstant { get; private init; }

    /// <summary>Copies booleans into a new mask: one batch's data. ONNX export wants such a mask bound to a graph value.</summary>
    /// <exception cref="ShapeException">The shape does not fit the number of values.</exception>
    public static Mask From(ReadOnlySpan<bool> values, params ReadOnlySpan<int> shape) => Copy(values, new TensorShape(shape), isConstant: false);

    /// <summary>Copies booleans into a new mask that belongs to the model: ONNX export writes it as a weight.</summary>
    /// <inheritdoc cref="From"/>
    public static Mask Constant(ReadOnlySpan<bool> values, params ReadOnlySpan<int> shape) => Copy(values, new TensorShape(shape), isConstant: true);

    internal static Mask Of(Comparison source, in TensorShape layout, out Span<bool> values)
    {
        var memory = Allocate(layout);
        values = MemoryMarshal.Cast<float, bool>(memory.Buffer.Span(memory.Length))[..layout.Volume];
        return new Mask(memory, layout) { Source = source };
    }

    private static Mask Copy(ReadOnlySpan<bool> values, in TensorShape layout, bool isConstant)
    {
        if (values.Length != layout.Volume)
        {
            throw new ShapeException($"Mask: {values.Length} values do not fill the shape {layout}, which holds {layout.Volume}.");
        }

        var memory = Allocate(layout);
        values.CopyTo(MemoryMarshal.Cast<float, bool>(memory.Buffer.Span(memory.Length)));
        return new Mask(memory, layout) { IsConstant = isConstant };
    }

    // Four booleans share the memory of one float: masks come from the same pool as tensors.
    private static Tensor Allocate(in TensorShape layout) => Tensor.New(new TensorShape([(layout.Volume + sizeof(float) - 1) / sizeof(float)]));
}
