using System.Numerics.Tensors;

namespace DotRec.Kernels;

/// <summary>Runs the tiles of a batch, group by group, and adds what the groups leave: losses and partial gradients, in order.</summary>
internal static unsafe class FusedSoftmax<TKernel, TRow>
    where TKernel : struct, IGemmKernel
    where TRow : struct, ISoftmaxRowKernel
{
    private const int ReducedRowsPerPart = 128;

    public static double Run(in SoftmaxOperands operands)
    {
        var layout = new SoftmaxLayout(operands.Rows, operands.Columns, operands.Dimension, TKernel.TileColumns);
        var wantsGradients = operands.QueryGradient is not null;
        var pads = wantsGradients && layout.PaddedDimension != operands.Dimension;
        using var packed = new Scratch(SoftmaxCandidates<TKernel>.PackedLength(operands, layout));
        using var padded = new Scratch(pads ? layout.PartialLength : 0);
        using var partials = new Scratch(wantsGradients ? layout.Groups * layout.PartialLength : 0);
        SoftmaxCandidates<TKernel>.Pack(operands, layout, packed.Pointer, pads ? padded.Pointer : null);
        Span<double> losses = stackalloc double[layout.Groups];
        fixed (double* loss = losses)
        {
            var rows = pads ? padded.Pointer : operands.Candidates;
            Parallelism.For(layout.Groups, new GroupBody(operands, layout, packed.Pointer, rows, wantsGradients ? partials.Pointer : null, loss));
        }

        if (wantsGradients)
        {
            Parallelism.For(GemmBlocking.Ceiling(operands.Columns, ReducedRowsPerPart), new ReduceBody(operands, layout, partials.Pointer));
        }

        var sum = 0.0;
        foreach (var loss in losses)
        {
            sum += loss;
        }

        return sum;
    }

    private readonly struct GroupBody(SoftmaxOperands operands, SoftmaxLayout layout, float* packed, float* candidateRows, float* partials, double* losses)
        : IParallelBody
    {
        public void Run(int part)
        {
            using var workspace = new Scratch(SoftmaxTile<TKernel, TRow>.WorkspaceLength(operands, layout));
            var partial = partials is null ? null : partials + (part * layout.PartialLength);
            var tile = new SoftmaxTile<TKernel, TRow>(operands, layout, packed, candidateRows, partial, workspace.Pointer);
            var first = part * layout.TilesPerGroup;
            var end = Math.Min(layout.Tiles, first + layout.TilesPerGroup);
            losses[part] = 0;
            for (var i = first; i < end; i++)
            {
                losses[part] += tile.Run(i * SoftmaxLayout.TileRows, beginPartial: i == first);
            }
        }
    }

    private readonly struct ReduceBody(SoftmaxOperands operands, SoftmaxLayout layout, float* partials) : IParallelBody
    {
        public void Run(int part)
        {
            var end = Math.Min(operands.Columns, (part + 1) * ReducedRowsPerPart);
            for (var j = part * ReducedRowsPerPart; j < end; j++)
            {
                var sum = new Span<float>(operands.CandidateGradient + ((nint)j * operands.Dimension), operands.Dimension);
                var row = partials + ((nint)j * layout.PaddedDimension);
                new ReadOnlySpan<float>(row, operands.Dimension).CopyTo(sum);
                for (var group = 1; group < layout.Groups; group++)
                {
                    TensorPrimitives.Add(sum, new ReadOnlySpan<float>(row + (group * layout.PartialLength), operands.Dimension), sum);
                }
            }
        }
    }
}
