namespace DotRec.Autodiff;

/// <summary>A named tensor that training changes. It requires a gradient and belongs to no scope.</summary>
public sealed class Parameter
{
    /// <summary>Makes a parameter of zeros; initialise it through <see cref="Tensor.WritableValues"/> of <see cref="Value"/>.</summary>
    /// <param name="name">Name in messages, checkpoints and ONNX models.</param>
    /// <param name="shape">Sizes.</param>
    public Parameter(string name, params ReadOnlySpan<int> shape)
        : this(name, isRowSparse: false, shape)
    {
    }

    /// <summary>Makes a parameter of zeros, possibly a table whose gradients touch only the rows used.</summary>
    /// <param name="name">Name in messages, checkpoints and ONNX models.</param>
    /// <param name="isRowSparse">True for an embedding table [rows, width] used only by gathers: its gradient is <see cref="RowGradient"/>.</param>
    /// <param name="shape">Sizes; two when row-sparse.</param>
    /// <exception cref="ShapeException">A row-sparse parameter without exactly two axes.</exception>
    public Parameter(string name, bool isRowSparse, params ReadOnlySpan<int> shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var layout = new TensorShape(shape);
        if (isRowSparse && layout.Rank != 2)
        {
            throw new ShapeException($"The row-sparse parameter '{name}' has shape {layout}; a table has two axes, [rows, width].");
        }

        Name = name;
        IsRowSparse = isRowSparse;
        Value = new Tensor(new TensorBuffer(layout.Volume), layout) { Name = name, IsConstant = true, Parameter = this };
        Value.WritableValues().Clear();
        Value.RequiresGradient = true;
        Rows = isRowSparse ? new RowGradient(layout[0], layout[1]) : null;
    }

    /// <summary>Name in messages, checkpoints and ONNX models.</summary>
    public string Name { get; }

    /// <summary>True for a table whose gradient is <see cref="RowGradient"/>, not <see cref="Gradient"/>.</summary>
    public bool IsRowSparse { get; }

    /// <summary>The values, as a tensor to compute with.</summary>
    public Tensor Value { get; }

    /// <summary>Sum of the gradients since <see cref="ClearGradient"/>; null if there was none, or if the parameter is row-sparse.</summary>
    public Tensor? Gradient => Value.Gradient;

    /// <summary>Gradient of the rows used since <see cref="ClearGradient"/>; null if there was none, or if the parameter is dense.</summary>
    public RowGradient? RowGradient => Rows is { Count: > 0 } ? Rows : null;

    internal RowGradient? Rows { get; }

    /// <summary>A parameter is used in expressions as its value.</summary>
    public static implicit operator Tensor(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Value;
    }

    /// <summary>Forgets the gradient; call it before each training step. Costs nothing that grows with the size.</summary>
    public void ClearGradient()
    {
        Value.ClearGradient();
        Rows?.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
