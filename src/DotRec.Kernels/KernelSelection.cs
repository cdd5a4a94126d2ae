using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>
/// Decides once which variant of every kernel runs. The choice is a constant to the compiler, so a kernel's entry costs no dispatch.
/// Code that must run one variant whatever the choice (tests, benchmarks) calls the entry with the kernel as its type argument.
/// </summary>
internal static class KernelSelection
{
    /// <summary>Environment variable naming the instruction set to use instead of the widest one: Portable, Avx2 or Avx512.</summary>
    public const string Variable = "DOTREC_FORCE_ISA";

    private const InstructionSet Refused = (InstructionSet)(-1);

    // A static initializer must not throw: its caller would see a TypeInitializationException instead of the sentence.
    private static readonly InstructionSet Chosen = Start();

    /// <summary>The instruction set in use.</summary>
    /// <exception cref="EnvironmentVariableException"><see cref="Variable"/> names no instruction set, or one that this processor lacks.</exception>
    public static InstructionSet Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // One return, of the field alone: so it stays a constant to the compiler, which leaves the other variants out of a kernel's entry.
            if (Chosen == Refused)
            {
                Choose(Environment.GetEnvironmentVariable(Variable));
            }

            return Chosen;
        }
    }

    /// <summary>Whether this process can run the variants of <paramref name="instructionSet"/>.</summary>
    public static bool IsSupported(InstructionSet instructionSet) => instructionSet switch
    {
        // Not Avx512F.IsSupported alone: where 512-bit code lowers the clock, the runtime does not accelerate Vector512.
        InstructionSet.Avx512 => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Portable => true,
        _ => false,
    };

    /// <summary>The forced instruction set, or the widest supported one when <paramref name="forced"/> is null or empty.</summary>
    /// <exception cref="EnvironmentVariableException">The name is unknown, or this processor lacks the instruction set: never a silent fallback.</exception>
    public static InstructionSet Choose(string? forced)
    {
        if (string.IsNullOrEmpty(forced))
        {
            return IsSupported(InstructionSet.Avx512) ? InstructionSet.Avx512
                : IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2
                : InstructionSet.Portable;
        }

        foreach (var candidate in Enum.GetValues<InstructionSet>())
        {
            if (string.Equals(candidate.ToString(), forced, StringComparison.OrdinalIgnoreCase))
            {
                return IsSupported(candidate)
                    ? candidate
                    : throw new EnvironmentVariableException(
                        Variable, $"{Variable} is '{forced}', but this process cannot run {candidate} kernels. Unset it, or use a narrower set.");
            }
        }

        throw new EnvironmentVariableException(
            Variable, $"{Variable} is '{forced}'; expected {string.Join(", ", Enum.GetNames<InstructionSet>())}, or nothing.");
    }

    private static InstructionSet Start()
    {
        try
        {
            return Choose(Environment.GetEnvironmentVariable(Variable));
        }
        catch (EnvironmentVariableException)
        {
            return Refused;
        }
    }
}
