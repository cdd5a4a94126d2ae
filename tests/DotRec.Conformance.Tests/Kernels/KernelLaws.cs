using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Laws that every variant of a kernel obeys. One subclass a variant: all variants the processor has run in this process.</summary>
[Trait(TraitName, TraitValue)]
public abstract class KernelLaws
{
    /// <summary>Marks the tests that eng/test-every-isa.sh repeats in every lane, that without vectors too, and eng/test-arm64.sh under its emulator.</summary>
    internal const string TraitName = "Subject";

    internal const string TraitValue = "Kernels";

    /// <summary>Environment variable naming an instruction set whose absence fails the tests that would otherwise be skipped.</summary>
    private const string RequiredVariable = "DOTREC_REQUIRE_ISA";

    private protected KernelLaws(Type kernel, InstructionSet instructionSet)
    {
        Kernel = kernel;
        InstructionSet = instructionSet;
    }

    internal Type Kernel { get; }

    internal InstructionSet InstructionSet { get; }

    /// <summary>Skips the test, with the reason, where the processor cannot run the variant.</summary>
    private protected void NeedsInstructionSet()
    {
        var missing = !KernelSelection.IsSupported(InstructionSet);
        Assert.False(
            missing && Enum.TryParse<InstructionSet>(Environment.GetEnvironmentVariable(RequiredVariable), ignoreCase: true, out var required)
                && required >= InstructionSet,
            $"{RequiredVariable} demands {InstructionSet}, which this process cannot run.");
        Assert.SkipWhen(missing, $"This process cannot run {InstructionSet} kernels.");
    }
}
