namespace DotRec.Kernels;

/// <summary>The work of one part of a parallel loop. A struct, so that starting a loop allocates nothing.</summary>
internal interface IParallelBody
{
    /// <summary>Does part <paramref name="part"/>. Parts run in any order and at the same time: each writes only what is its own.</summary>
    void Run(int part);
}
