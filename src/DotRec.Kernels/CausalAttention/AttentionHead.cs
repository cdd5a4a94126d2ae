namespace DotRec.Kernels;

/// <summary>One head of one group of sequences: where its values lie, and how wide its tiles are. Positions and columns count from the group's first position.</summary>
internal readonly unsafe struct AttentionHead
{
    /// <summary>Rows of a tile: a multiple of every register tile's rows.</summary>
    public const int TileRows = 24;

    private readonly CausalAttentionOperands _operands;
    private readonly int _first;
    private readonly int _firstSequence;
    private readonly int _head;

    public AttentionHead(in CausalAttentionOperands operands, int firstSequence, int endSequence, int head, int tileColumns)
    {
        _operands = operands;
        _firstSequence = firstSequence;
        _head = head;
        _first = operands.Offsets[firstSequence];
        Count = operands.Offsets[endSequence] - _first;
        Width = operands.Dimension / operands.Heads;
        PaddedWidth = GemmBlocking.Ceiling(Width, tileColumns) * tileColumns;

        // One cache line beyond the last column: no power of two, and room for the rows that a register tile reads beside them.
        LogitStride = (GemmBlocking.Ceiling(Count, ISoftmaxRowKernel.RowMultiple) * ISoftmaxRowKernel.RowMultiple) + 16;
        Scale = 1f / MathF.Sqrt(Width);
    }

    /// <summary>Positions of the group.</summary>
    public int Count { get; }

    /// <summary>Values of the head: d.</summary>
    public int Width { get; }

    /// <summary>d rounded up to the columns of the register tile.</summary>
    public int PaddedWidth { get; }

    /// <summary>Distance between two rows of logits.</summary>
    public int LogitStride { get; }

    /// <summary>1/√d.</summary>
    public float Scale { get; }

    /// <summary>Distance between two positions of queries, keys, values and their gradients.</summary>
    public nint InputStride => 3 * (nint)_operands.Dimension;

    /// <summary>Distance between two positions of the output and its gradient.</summary>
    public nint OutputStride => _operands.Dimension;

    /// <summary>True where a training step leaves weights out.</summary>
    public bool Drops => _operands.Dropout.IsActive;

    public float* Queries => Input(_operands.Inputs, 0);

    public float* Keys => Input(_operands.Inputs, 1);

    public float* Values => Input(_operands.Inputs, 2);

    public float* Output => Row(_operands.Output);

    public float* OutputGradient => Row(_operands.OutputGradient);

    /// <summary>The logarithm of the sum of a position's exponentials.</summary>
    public ref float LogSum(int position) => ref _operands.LogSums[((nint)(_first + position) * _operands.Heads) + _head];

    /// <summary>The gradient of queries (0), keys (1) or values (2).</summary>
    public float* Gradient(int part) => Input(_operands.Gradient, part);

    /// <summary>Writes, for every position, the first position of its sequence.</summary>
    public void WriteStarts(int* starts)
    {
        var (sequence, position) = (_firstSequence, 0);
        while (position < Count)
        {
            var (start, end) = (_operands.Offsets[sequence] - _first, _operands.Offsets[sequence + 1] - _first);
            for (; position < end; position++)
            {
                starts[position] = start;
            }

            sequence++;
        }
    }

    /// <summary>Factors of a position's weights, from the first position of its sequence to itself.</summary>
    public void DrawDropout(int position, int start, Span<float> factors) =>
        _operands.Dropout.Draw(_first + position, _head, _operands.Heads, factors[..(position + 1 - start)]);

    /// <summary>Copies rows of this head into rows <see cref="PaddedWidth"/> apart, times a factor, with zeros beside and below them.</summary>
    public void CopyRows(float* source, nint stride, int rows, int allRows, float factor, float* target)
    {
        for (var row = 0; row < allRows; row++)
        {
            var padded = new Span<float>(target + ((nint)row * PaddedWidth), PaddedWidth);
            if (row < rows)
            {
                System.Numerics.Tensors.TensorPrimitives.Multiply(new ReadOnlySpan<float>(source + (row * stride), Width), factor, padded);
                padded[Width..].Clear();
            }
            else
            {
                padded.Clear();
            }
        }
    }

    private float* Input(float* all, int part) => all + (_first * InputStride) + (part * (nint)_operands.Dimension) + (_head * (nint)Width);

    private float* Row(float* all) => all + (_first * OutputStride) + (_head * (nint)Width);
}
