using DotRec.Kernels;

namespace DotRec.Autodiff.Tests.Storage;

// Counts allocations of the whole process: nothing else may run meanwhile.
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Two towers with dense layers, an in-batch softmax loss, and its backward pass.</summary>
[Collection(nameof(Alone))]
public sealed class TrainingStepTests
{
    private const int Batch = 256;
    private const int Width = 32;

    /// <summary>The records of about thirty operations: small objects, no values. The step's values take 1.5 MB.</summary>
    private const int AllowedBytesPerStep = 16 * 1024;

    private readonly Parameter _queries = Random("queries", isRowSparse: true, 500, Width);
    private readonly Parameter _items = Random("items", isRowSparse: true, 300, Width);
    private readonly Parameter[] _dense = [.. Enumerable.Range(0, 4).Select(i => Random($"dense{i}", isRowSparse: false, Width, Width))];
    private readonly Parameter[] _biases = [.. Enumerable.Range(0, 4).Select(i => Random($"bias{i}", isRowSparse: false, Width))];
    private readonly Indices _queryIds = new(Enumerable.Range(0, Batch).Select(i => i * 7 % 500).ToArray());
    private readonly Indices _itemIds = new(Enumerable.Range(0, Batch).Select(i => i * 11 % 300).ToArray());

    // How many buffers a step needs at once depends on how its threads overlap. A leak of one smallest buffer a step would be four times this.
    private const int Slack = 64 << 10;

    [Fact]
    public void A_warm_step_allocates_almost_nothing()
    {
        for (var i = 0; i < 50; i++)
        {
            Step(throwsAtTheEnd: false);
        }

        const int Steps = 100;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Steps; i++)
        {
            Step(throwsAtTheEnd: false);
        }

        var bytesPerStep = (GC.GetTotalAllocatedBytes(precise: true) - before) / Steps;
        Assert.True(bytesPerStep < AllowedBytesPerStep, $"a step allocated {bytesPerStep} bytes; {AllowedBytesPerStep} are allowed");
    }

    [Fact]
    public void The_pool_does_not_grow_over_a_thousand_steps_even_if_some_fail()
    {
        Step(throwsAtTheEnd: false);
        var before = BufferPool.Bytes;
        for (var i = 0; i < 1000; i++)
        {
            var fails = i % 3 == 0;
            if (fails)
            {
                Assert.Throws<ShapeException>(() => Step(throwsAtTheEnd: true));
            }
            else
            {
                Step(throwsAtTheEnd: false);
            }
        }

        Assert.InRange(BufferPool.Bytes, 0, before + Slack);
    }

    [Fact]
    public void A_failing_backward_pass_gives_its_memory_back()
    {
        Step(throwsAtTheEnd: false);
        var before = BufferPool.Bytes;
        for (var i = 0; i < 100; i++)
        {
            using var scope = TensorScope.Begin();
            var hidden = Tower(_items, _itemIds, 0);
            var loss = (hidden * hidden).Sum();
            _dense[0].Value.WritableValues();
            Assert.Throws<InvalidOperationException>(loss.Backward);
        }

        Assert.InRange(BufferPool.Bytes, 0, before + Slack);
    }

    [Fact]
    public void Released_memory_leaves_the_pool()
    {
        Step(throwsAtTheEnd: false);
        TensorScope.ReleasePooledMemory();
        Assert.Equal(0, BufferPool.Bytes);
    }

    private static Parameter Random(string name, bool isRowSparse, params int[] shape)
    {
        var parameter = new Parameter(name, isRowSparse, shape);
        var random = new SeededRandom(5);
        foreach (ref var value in parameter.Value.WritableValues())
        {
            value = 0.2f * (float)random.NextNormal();
        }

        return parameter;
    }

    private Tensor Tower(Parameter table, Indices ids, int layer) =>
        ((table.Value.Gather(ids).MatMul(_dense[layer]) + _biases[layer]).Relu().MatMul(_dense[layer + 1]) + _biases[layer + 1]).L2Normalize();

    private void Step(bool throwsAtTheEnd)
    {
        using var scope = TensorScope.Begin();
        var query = Tower(_queries, _queryIds, 0);
        var item = Tower(_items, _itemIds, 2);
        var scores = query.MatMul(item, transposeRight: true) * 10f;
        var loss = (scores.LogSumExp(1) - ((query * item).Sum(1) * 10f)).Mean();
        loss.Backward();
        foreach (var parameter in _dense)
        {
            parameter.ClearGradient();
        }

        _queries.ClearGradient();
        _items.ClearGradient();
        if (throwsAtTheEnd)
        {
            _ = scores.Reshape(3);
        }
    }
}
