namespace DotRec.Kernels.Tests;

/// <summary>Allocation is only measurable while no other test takes scratch memory from the shared pool.</summary>
[CollectionDefinition(nameof(GemmAllocationTests), DisableParallelization = true)]
[Collection(nameof(GemmAllocationTests))]
public class GemmAllocationTests
{
    [Fact]
    public void A_warm_product_allocates_nothing_worth_naming()
    {
        using var threads = new ThreadCount(1);
        float[] a = new float[200 * 200], b = new float[200 * 200], c = new float[200 * 200];
        Assert.InRange(Allocation.BytesACall(() => GemmKernels.Multiply(false, true, 200, 200, 200, a, 200, b, 200, c, 200)), 0, 100);
    }
}
