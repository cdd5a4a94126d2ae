namespace DotRec.Parity.Tests;

public class NumpyRandomTests
{
    [Fact]
    public void Seed_42_gives_numpys_normals() =>
        Assert.Equal([0.49671415f, -0.1382643f, 0.64768854f, 1.52302986f], new NumpyRandom(42).Normals(4));

    [Fact]
    public void Seed_42_gives_numpys_uniforms() =>
        Assert.Equal([0.37454012f, 0.95071431f, 0.73199394f], new NumpyRandom(42).Uniforms(3));

    [Fact]
    public void Seed_42_gives_numpys_integers() =>
        Assert.Equal([51, 92, 14, 71, 60], new NumpyRandom(42).Integers(100, 5));
}
