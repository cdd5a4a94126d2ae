namespace DotRec.Kernels;

/// <summary>A <see cref="CausalAttentionBatch"/> and its results as checked pointers, for use on several threads.</summary>
internal readonly unsafe struct CausalAttentionOperands(
    float* inputs, int* offsets, float* output, float* logSums, float* outputGradient, float* gradient, int dimension, int heads, AttentionDropout dropout)
{
    public readonly float* Inputs = inputs;
    public readonly int* Offsets = offsets;
    public readonly float* Output = output;
    public readonly float* LogSums = logSums;
    public readonly float* OutputGradient = outputGradient;
    public readonly float* Gradient = gradient;
    public readonly int Dimension = dimension;
    public readonly int Heads = heads;
    public readonly AttentionDropout Dropout = dropout;
}
