namespace DotRec.Indexing;

/// <summary>
/// Which components share a code. Sixteen codewords of a block of w components lose as the w-th root of the product of their variances, and the
/// sum over blocks is least when all products are equal (eigenvalue allocation, Ge et al. 2013): each block gets a component of each rank, the
/// larger ones with the smaller ones.
/// </summary>
internal static class BlockAllocation
{
    /// <summary>Components by place: block after block.</summary>
    /// <param name="variances">[c], falling.</param>
    /// <param name="width">Components a block.</param>
    public static int[] Order(ReadOnlySpan<double> variances, int width)
    {
        var blocks = QuantizedItems.BlocksOf(variances.Length, width);
        var (order, products) = (new int[variances.Length], new double[blocks]);
        var next = 0;
        for (var place = 0; place < width; place++)
        {
            // The next components, falling, to the blocks with room in which the product so far is least.
            var open = Enumerable.Range(0, blocks).Where(block => (block * width) + place < order.Length).OrderBy(block => products[block]).ToArray();
            foreach (var block in open)
            {
                products[block] += Math.Log(Math.Max(variances[next], double.Epsilon));
                order[(block * width) + place] = next++;
            }
        }

        return order;
    }
}
