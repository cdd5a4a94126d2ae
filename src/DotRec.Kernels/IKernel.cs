namespace DotRec.Kernels;

/// <summary>A variant of an operation for one instruction set. Every kernel contract extends this one.</summary>
internal interface IKernel
{
    /// <summary>The instruction set this variant needs.</summary>
    static abstract InstructionSet InstructionSet { get; }
}
