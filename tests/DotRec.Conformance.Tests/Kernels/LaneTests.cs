using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class LaneTests
{
    /// <summary>Set by eng/test-every-isa.sh and eng/test-arm64.sh to the lane they mean to run.</summary>
    private const string Variable = "DOTREC_LANE";

    [Fact]
    public void The_process_runs_in_the_lane_it_was_started_for()
    {
        var lane = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(lane), $"{Variable} is not set: this is no lane of eng/test-every-isa.sh or eng/test-arm64.sh.");
        var (expected, vectors) = lane switch
        {
            "Avx512" => (InstructionSet.Avx512, true),
            "Avx2" => (InstructionSet.Avx2, true),
            "Vector128" => (InstructionSet.Portable, true),
            "Arm64" => (InstructionSet.Portable, true),
            "Scalar" => (InstructionSet.Portable, false),
            _ => throw new InvalidOperationException($"{Variable} is '{lane}'; expected Avx512, Avx2, Vector128, Arm64 or Scalar."),
        };
        Assert.Equal(expected, KernelSelection.Current);
        Assert.Equal(vectors, Vector128.IsHardwareAccelerated);
        Assert.Equal(lane == "Arm64", AdvSimd.Arm64.IsSupported);
        Assert.Equal(expected == InstructionSet.Avx512, Avx512F.IsSupported);
        Assert.Equal(expected >= InstructionSet.Avx2, Avx2.IsSupported);
    }
}
