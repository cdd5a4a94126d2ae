using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class LaneTests
{
    /// <summary>Set by eng/test-every-isa.sh to the lane it means to run.</summary>
    private const string Variable = "DOTREC_LANE";

    [Fact]
    public void The_process_runs_in_the_lane_it_was_started_for()
    {
        var lane = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(lane), $"{Variable} is not set: this is no lane of eng/test-every-isa.sh.");
        var (expected, vectors) = lane switch
        {
            "Avx512" => (InstructionSet.Avx512, true),
            "Avx2" => (InstructionSet.Avx2, true),
            "Vector128" => (InstructionSet.Portable, true),
            "Scalar" => (InstructionSet.Portable, false),
            _ => throw new InvalidOperationException($"{Variable} is '{lane}'; expected Avx512, Avx2, Vector128 or Scalar."),
        };
        Assert.Equal(expected, KernelSelection.Current);
        Assert.Equal(vectors, Vector128.IsHardwareAccelerated);
        Assert.Equal(expected == InstructionSet.Avx512, Avx512F.IsSupported);
        Assert.Equal(expected >= InstructionSet.Avx2, Avx2.IsSupported);
    }
}
