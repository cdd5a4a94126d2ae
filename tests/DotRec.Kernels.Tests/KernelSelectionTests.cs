namespace DotRec.Kernels.Tests;

public sealed class KernelSelectionTests
{
    [Fact]
    public void Takes_the_widest_set_the_processor_has()
    {
        var chosen = KernelSelection.Choose(null);
        Assert.True(KernelSelection.IsSupported(chosen));
        Assert.All(Enum.GetValues<InstructionSet>().Where(wider => wider > chosen), wider => Assert.False(KernelSelection.IsSupported(wider)));
    }

    [Fact]
    public void Forces_any_supported_set_by_name()
    {
        foreach (var set in Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported))
        {
            Assert.Equal(set, KernelSelection.Choose(set.ToString()));
        }
    }

    [Fact]
    public void Refuses_a_set_the_processor_lacks_instead_of_falling_back()
    {
        foreach (var set in Enum.GetValues<InstructionSet>().Where(set => !KernelSelection.IsSupported(set)))
        {
            var error = Assert.Throws<EnvironmentVariableException>(() => KernelSelection.Choose(set.ToString()));
            Assert.Contains($"this process cannot run {set} kernels", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("avx1024")]
    [InlineData("2")]
    public void Refuses_an_unknown_name(string name)
    {
        var error = Assert.Throws<EnvironmentVariableException>(() => KernelSelection.Choose(name));
        Assert.Equal($"DOTREC_FORCE_ISA is '{name}'; expected Portable, Avx2, Avx512, or nothing.", error.Message);
    }
}
