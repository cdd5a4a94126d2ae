using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>An index as the benchmark sees it: searches that can be told how far to go.</summary>
internal abstract class MeasuredIndex(IItemIndex index) : IDisposable
{
    public IItemIndex Index { get; } = index;

    /// <summary>Name of the instruction set that searches.</summary>
    public abstract string Kernel { get; }

    /// <summary>Settings worth trying, cheap ones first.</summary>
    public abstract IReadOnlyList<ScannSearchOptions> Settings(int k);

    /// <summary>One search through the public API.</summary>
    public abstract int Search(ReadOnlySpan<float> query, Span<Candidate> results, ScannSearchOptions settings);

    public void Dispose() => Index.Dispose();

    /// <summary>Every item scored: nothing to set.</summary>
    public sealed class BruteForce(BruteForceIndex index) : MeasuredIndex(index)
    {
        public override string Kernel => $"{KernelSelection.Current}";

        public override IReadOnlyList<ScannSearchOptions> Settings(int k) => [default];

        public override int Search(ReadOnlySpan<float> query, Span<Candidate> results, ScannSearchOptions settings) => index.Search(query, results);
    }

    /// <summary>Partitions and rescored candidates, each in steps of about 1.4.</summary>
    public sealed class Scann(ScannIndex index) : MeasuredIndex(index)
    {
        private static readonly int[] Partitions = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 34, 40, 48, 57, 68, 80, 96, 114, 136, 160, 192, 256, 320, 384, 512, 768, 1024];
        private static readonly int[] RescoringOfTen = [10, 14, 20, 28, 40, 48, 57, 68, 80, 96, 114, 136, 160, 192, 226, 270, 320, 450, 640, 900, 1280];

        public override string Kernel => $"{PackedLookupKernels.Current}";

        public override IReadOnlyList<ScannSearchOptions> Settings(int k)
        {
            var partitions = Partitions.Where(count => count < index.PartitionCount).Append(index.PartitionCount);
            var rescoring = RescoringOfTen.Select(count => Math.Min(index.Count, count * k / 10)).Distinct().ToArray();
            return [.. partitions.SelectMany(count => rescoring.Select(candidates => new ScannSearchOptions(count, candidates)))];
        }

        public override int Search(ReadOnlySpan<float> query, Span<Candidate> results, ScannSearchOptions settings) => index.Search(query, results, settings);
    }
}
