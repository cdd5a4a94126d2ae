using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class EveryKernelHasLawsTests
{
    [Fact]
    public void Every_variant_of_every_kernel_is_under_its_laws()
    {
        var kernels = typeof(IKernel).Assembly.GetTypes().Where(type => type.IsValueType && typeof(IKernel).IsAssignableFrom(type)).ToHashSet();
        var covered = typeof(KernelLaws).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(KernelLaws)) && !type.IsAbstract)
            .Select(type => ((KernelLaws)Activator.CreateInstance(type)!).Kernel)
            .ToHashSet();
        Assert.True(kernels.Count >= 9, "The search for kernels finds next to none.");
        Assert.Empty(kernels.Except(covered).Select(type => $"{type.Name} has no laws: derive a class from those of its operation."));
    }
}
