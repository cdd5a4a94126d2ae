namespace DotRec.Parity.Tests;

public class NumpyGeneratorTests
{
    [Fact]
    public void Seed_42_gives_numpys_normals_and_after_them_its_integers()
    {
        var random = new NumpyGenerator(42);
        var normals = new double[200_000];
        for (var i = 0; i < normals.Length; i++)
        {
            normals[i] = random.Normal();
        }

        Assert.Equal([0.30471708, -1.03998411, 0.7504512, 0.94056472], normals.Take(4).Select(value => Math.Round(value, 8)));

        // Sum and extreme reach every layer of the ziggurat and its tail.
        Assert.Equal(-151.56591628063495, normals.Sum(), 1e-7);
        Assert.Equal(5.0072352319089966, normals.Max(Math.Abs), 1e-12);
        Assert.Equal([938, 921, 136, 340, 1011, 1064], Enumerable.Range(0, 6).Select(_ => random.Integer(1280)));
    }
}
