namespace DotRec.Kernels;

/// <summary>A variant of an operation for one instruction set. Every kernel contract extends this one.</summary>
/// <remarks>
/// Variants for different widths are written alike, so that <c>diff</c> of two of them shows what truly differs. Their files say at the top what the width is:
/// <c>Vec</c> is Vector128, Vector256 or Vector512; <c>V</c>, <c>VInt</c> and <c>VShort</c> are its vectors of float, int and short; <c>Isa</c> has the
/// processor's own instructions. <c>MultiplyAddEstimate</c> is one fused instruction in the AVX2 and AVX-512 variants, which run only where there is one
/// (<see cref="KernelSelection.IsSupported"/>), and on Arm; without one it rounds the product first, as is fast there.
/// </remarks>
internal interface IKernel
{
    /// <summary>The instruction set this variant needs.</summary>
    static abstract InstructionSet InstructionSet { get; }
}
