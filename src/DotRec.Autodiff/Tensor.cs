using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DotRec.Autodiff;

/// <summary>
/// Float32 numbers in row-major order with a shape, and, if they were computed from something that requires a gradient, the record of how.
/// </summary>
/// <remarks>
/// Operations are define-by-run: each is computed at once and recorded; <see cref="Backward()"/> walks the record backwards. Shapes
/// broadcast as numpy's do. A tensor is used by one thread at a time; large operations run on several threads inside, and give the same
/// bits at any thread count. Values are not checked for NaN or infinity: they propagate as in IEEE arithmetic.
/// </remarks>
public sealed partial class Tensor
{
    private readonly TensorBuffer _buffer;
    private readonly int _generation;
    private readonly TensorShape _layout;
    private bool _requiresGradient;

    internal Tensor(TensorBuffer buffer, in TensorShape layout)
    {
        _buffer = buffer;
        _generation = buffer.Generation;
        _layout = layout;
    }

    /// <summary>Size of each axis; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _layout.Span;

    /// <summary>Number of axes.</summary>
    public int Rank => _layout.Rank;

    /// <summary>Number of values.</summary>
    public int Length => _layout.Volume;

    /// <summary>The values, row-major.</summary>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public ReadOnlySpan<float> Values => Buffer.Span(Length);

    /// <summary>The only value of a tensor of length 1.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another length.</exception>
    public float Scalar => Length == 1 ? Values[0] : throw new InvalidOperationException($"Scalar needs a tensor with one value; this one has shape {_layout}.");

    /// <summary>
    /// True if <see cref="Backward()"/> computes a gradient for this tensor. It can be set on a tensor that was given, not computed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor is the result of a recorded operation.</exception>
    public bool RequiresGradient
    {
        get => _requiresGradient;
        set => _requiresGradient = Producer is null || value == _requiresGradient ? value : throw new InvalidOperationException(
            $"This tensor {_layout} is the result of {Producer.Name}; RequiresGradient is its inputs' choice. Use Gradients.Off() to record nothing, or Detach().");
    }

    /// <summary>Name for messages and ONNX values: a parameter's name, else null.</summary>
    internal string? Name { get; init; }

    /// <summary>The values are part of the model, not of a batch: ONNX export writes them as a weight.</summary>
    internal bool IsConstant { get; init; }

    internal Parameter? Parameter { get; init; }

    internal Operation? Producer { get; set; }

    internal ref readonly TensorShape Layout => ref _layout;

    internal TensorBuffer Buffer
    {
        get
        {
            if (_buffer.Generation != _generation)
            {
                ThrowEnded();
            }

            return _buffer;
        }
    }

    /// <summary>Copies values into a new tensor: one batch's data. ONNX export wants such a tensor bound to a graph value.</summary>
    /// <param name="values">Row-major values.</param>
    /// <param name="shape">Sizes; their product is the number of values.</param>
    /// <exception cref="ShapeException">The shape does not fit the number of values.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var tensor = new Tensor(ScopeFrame.Allocate(values.Length), Fitting("From", values.Length, shape));
        values.CopyTo(tensor.Buffer.Span(values.Length));
        return tensor;
    }

    /// <summary>Copies values into a new tensor that belongs to the model: ONNX export writes it as a weight.</summary>
    /// <inheritdoc cref="From"/>
    public static Tensor Constant(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var tensor = new Tensor(ScopeFrame.Allocate(values.Length), Fitting("Constant", values.Length, shape)) { IsConstant = true };
        values.CopyTo(tensor.Buffer.Span(values.Length));
        return tensor;
    }

    /// <summary>A scalar that belongs to the model.</summary>
    public static Tensor Constant(float value) => Constant([value]);

    /// <summary>A tensor of zeros, to be filled through <see cref="WritableValues"/>.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> shape)
    {
        var layout = new TensorShape(shape);
        var tensor = New(layout);
        tensor._buffer.Span(layout.Volume).Clear();
        return tensor;
    }

    /// <summary>The values for writing. A backward pass over a result computed from the old values then fails with a message.</summary>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public Span<float> WritableValues()
    {
        var span = Buffer.Span(Length);
        _buffer.Version++;
        return span;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Name is null ? "Tensor" : $"'{Name}'")} {_layout}");

    internal static Tensor New(in TensorShape layout) => new(ScopeFrame.Allocate(layout.Volume), layout);

    private static TensorShape Fitting(string operation, int count, ReadOnlySpan<int> shape)
    {
        var layout = new TensorShape(shape);
        return layout.Volume == count ? layout : throw new ShapeException($"{operation}: {count} values do not fill the shape {layout}, which holds {layout.Volume}.");
    }

    [DoesNotReturn]
    private void ThrowEnded() => throw new ObjectDisposedException(
        objectName: null,
        $"{this} was made inside a TensorScope that has ended. Read its values inside the scope, or let it live on with scope.Keep(tensor).");
}
