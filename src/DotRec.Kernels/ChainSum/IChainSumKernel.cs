namespace DotRec.Kernels;

/// <summary>One variant of <see cref="ChainSums"/>.</summary>
internal unsafe interface IChainSumKernel : IKernel
{
    /// <summary>Rows summed at a time.</summary>
    static abstract int Rows { get; }

    /// <summary>Sums the terms of a query with each of <see cref="Rows"/> rows, each sum one chain over the components in order.</summary>
    /// <param name="query">[D].</param>
    /// <param name="rows">[<see cref="Rows"/>] addresses of rows, [D] each.</param>
    /// <param name="dimension">D.</param>
    /// <param name="sums">[<see cref="Rows"/>], written.</param>
    static abstract void Sum<TTerm>(float* query, float** rows, int dimension, float* sums)
        where TTerm : struct, IPairTerm;
}
