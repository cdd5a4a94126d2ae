namespace DotRec.Kernels;

/// <summary>The instruction sets kernels are written for, in ascending order of width.</summary>
internal enum InstructionSet
{
    /// <summary>128-bit portable vectors: SSE on x86, AdvSimd on Arm, plain code where there is neither.</summary>
    Portable,

    /// <summary>AVX2 with FMA: 256-bit vectors, 16 registers.</summary>
    Avx2,

    /// <summary>AVX-512 F, BW, CD, DQ and VL: 512-bit vectors, 32 registers.</summary>
    Avx512,
}
