using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class ResidualEncoderTests
{
    [Theory]
    [InlineData(2, 1f)]
    [InlineData(3, 3f)]
    [InlineData(10, 3f)]
    [InlineData(51, 20f)]
    public void No_codeword_and_no_scale_lowers_the_loss(int dimension, float eta)
    {
        var items = new Case(dimension, 60);
        var (codes, scales) = items.Encode(eta);
        var blocks = items.Blocks;
        for (var row = 0; row < items.Count; row++)
        {
            var code = codes.AsSpan(row * blocks, blocks).ToArray();
            var scale = (double)scales[row];
            var loss = items.Loss(row, code, scale, eta);
            Assert.InRange(items.Loss(row, code, scale * 1.001, eta), loss, double.PositiveInfinity);
            Assert.InRange(items.Loss(row, code, scale * 0.999, eta), loss, double.PositiveInfinity);

            // Codes are chosen for the residual at its own length.
            var length = items.ResidualLength(row);
            var unscaled = items.Loss(row, code, length, eta);
            for (var block = 0; block < blocks; block++)
            {
                for (byte other = 0; other < 16; other++)
                {
                    var changed = (byte[])code.Clone();
                    changed[block] = other;
                    Assert.InRange(items.Loss(row, changed, length, eta), unscaled * (1 - 1e-4), double.PositiveInfinity);
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 3f)]
    [InlineData(50, 3f)]
    [InlineData(50, 30f)]
    public void It_never_does_worse_than_the_nearest_codewords(int dimension, float eta)
    {
        var items = new Case(dimension, 200);
        var (codes, scales) = items.Encode(eta);
        var (nearest, _) = items.Encode(1);
        var better = 0;
        for (var row = 0; row < items.Count; row++)
        {
            var length = items.ResidualLength(row);
            var loss = items.Loss(row, codes.AsSpan(row * items.Blocks, items.Blocks), length, eta);
            var nearestLoss = items.Loss(row, nearest.AsSpan(row * items.Blocks, items.Blocks), length, eta);
            Assert.InRange(loss, 0, nearestLoss * (1 + 1e-5));
            Assert.InRange(items.Loss(row, codes.AsSpan(row * items.Blocks, items.Blocks), scales[row], eta), 0, loss * (1 + 1e-5));
            better += loss < nearestLoss * 0.99 ? 1 : 0;
        }

        Assert.InRange(better, items.Count / 10, items.Count);
    }

    [Fact]
    public void The_scale_is_the_closed_form()
    {
        const float Eta = 5;
        var items = new Case(9, 100);
        var (codes, scales) = items.Encode(Eta);
        for (var row = 0; row < items.Count; row++)
        {
            Assert.Equal(items.BestScale(row, codes.AsSpan(row * items.Blocks, items.Blocks), Eta), scales[row], 1e-4);
        }
    }

    [Fact]
    public void Nothing_left_of_an_item_has_scale_zero()
    {
        var encoder = new ResidualEncoder(new Case(4, 1).Codebook, 4, 3);
        var (codes, scales) = (new byte[2], new float[] { 7 });
        encoder.Encode([1, 2, 3, 4], new float[4], codes, scales);
        Assert.Equal(0, scales[0]);
    }

    [Fact]
    public void An_item_is_coded_alike_alone_and_among_others()
    {
        var items = new Case(7, 37);
        var (codes, scales) = items.Encode(4);
        var encoder = new ResidualEncoder(items.Codebook, 7, 4);
        for (var row = 0; row < items.Count; row++)
        {
            var (code, scale) = (new byte[4], new float[1]);
            encoder.Encode(items.Items.AsSpan(row * 7, 7), items.Residuals.AsSpan(row * 7, 7), code, scale);
            Assert.Equal(codes.AsSpan(row * 4, 4).ToArray(), code);
            Assert.Equal(scales[row], scale[0]);
        }
    }

    [Fact]
    public void Codewords_find_the_points_they_stand_for()
    {
        // 16 places a block: the codebook must find them all, so nothing is lost.
        var random = new SeededRandom(3);
        var places = Enumerable.Range(0, 32).Select(_ => (float)random.NextNormal()).ToArray();
        var points = new float[4000 * 2];
        for (var i = 0; i < 4000; i++)
        {
            places.AsSpan(2 * random.NextInt(16), 2).CopyTo(points.AsSpan(2 * i));
        }

        var section = Corpus.Copy(points);
        using var memory = section.Memory;
        var codebook = CodebookTrainer.Fit(section, 2, null, new SeededRandom(1), new BuildReport(null, default));
        var found = Enumerable.Range(0, 16).Select(i => (codebook[2 * i], codebook[(2 * i) + 1])).Order();
        Assert.Equal(
            Enumerable.Range(0, 16).Select(i => (places[2 * i], places[(2 * i) + 1])).Order(),
            found,
            (x, y) => Math.Abs(x.Item1 - y.Item1) < 1e-5 && Math.Abs(x.Item2 - y.Item2) < 1e-5);
    }

    /// <summary>Items with residuals and a codebook trained on them; the loss as it is documented, in double.</summary>
    private sealed class Case
    {
        private readonly int _dimension;

        public Case(int dimension, int count)
        {
            _dimension = dimension;
            Count = count;
            Blocks = QuantizedItems.BlocksOf(dimension);
            Items = Corpus.Clustered(11, count, dimension);
            Residuals = Corpus.Clustered(12, count, dimension, clusters: 1, lengthSpread: 1);
            var directions = Corpus.Clustered(13, 2000, dimension);
            for (var i = 0; i < directions.Length; i += dimension)
            {
                DotRec.Indexing.Residuals.ToUnitLength(directions.AsSpan(i, dimension));
            }

            var section = Corpus.Copy(directions);
            using var memory = section.Memory;
            Codebook = CodebookTrainer.Fit(section, dimension, null, new SeededRandom(1), new BuildReport(null, default));
        }

        public int Count { get; }

        public int Blocks { get; }

        public float[] Items { get; }

        public float[] Residuals { get; }

        public float[] Codebook { get; }

        public (byte[] Codes, float[] Scales) Encode(float eta)
        {
            var (codes, scales) = (new byte[Count * Blocks], new float[Count]);
            new ResidualEncoder(Codebook, _dimension, eta).Encode(Items, Residuals, codes, scales);
            return (codes, scales);
        }

        public double ResidualLength(int row) => Math.Sqrt(Residuals.AsSpan(row * _dimension, _dimension).ToArray().Sum(value => (double)value * value));

        public double Loss(int row, ReadOnlySpan<byte> code, double scale, double eta)
        {
            var (_, _, _, itemSquare) = Products(row, code);
            double error = 0, along = 0;
            for (var j = 0; j < _dimension; j++)
            {
                var left = Residuals[(row * _dimension) + j] - (scale * Word(code, j));
                error += left * left;
                along += left * Items[(row * _dimension) + j];
            }

            return error + ((eta - 1) * along * along / itemSquare);
        }

        public double BestScale(int row, ReadOnlySpan<byte> code, double eta)
        {
            var (residualCode, codeSquare, itemResidual, itemSquare) = Products(row, code);
            var itemCode = 0.0;
            for (var j = 0; j < _dimension; j++)
            {
                itemCode += Items[(row * _dimension) + j] * (double)Word(code, j);
            }

            var scale = (residualCode + ((eta - 1) * itemResidual * itemCode / itemSquare)) / (codeSquare + ((eta - 1) * itemCode * itemCode / itemSquare));
            return Math.Max(0, scale);
        }

        private (double ResidualCode, double CodeSquare, double ItemResidual, double ItemSquare) Products(int row, ReadOnlySpan<byte> code)
        {
            double residualCode = 0, codeSquare = 0, itemResidual = 0, itemSquare = 0;
            for (var j = 0; j < _dimension; j++)
            {
                double item = Items[(row * _dimension) + j], residual = Residuals[(row * _dimension) + j], word = Word(code, j);
                residualCode += residual * word;
                codeSquare += word * word;
                itemResidual += item * residual;
                itemSquare += item * item;
            }

            return (residualCode, codeSquare, itemResidual, itemSquare);
        }

        private float Word(ReadOnlySpan<byte> code, int j) => Codebook[(((j / 2 * 16) + code[j / 2]) * 2) + (j % 2)];
    }
}
