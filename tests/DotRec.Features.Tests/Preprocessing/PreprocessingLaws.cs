using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features.Tests;

/// <summary>What holds for every preprocessing layer; the layers are those of <see cref="LayerCases"/>.</summary>
public sealed class PreprocessingLaws
{
    public static TheoryData<string> Layers => LayerCases.Names;

    [Fact]
    public void Every_layer_of_the_library_is_held_to_these_laws()
    {
        var data = new RandomFeatures(1).Known(100);
        var covered = LayerCases.All.Values.Select(make => make(data).GetType()).ToHashSet();
        var layers = typeof(PreprocessingLayer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PreprocessingLayer)) && !type.IsAbstract);
        Assert.All(layers, layer => Assert.Contains(layer, covered));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Training_form_and_ONNX_form_give_the_same_answers(string layerCase)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            var random = new RandomFeatures(seed);
            var layer = LayerCases.All[layerCase](random.Known(500));
            var isNumbers = layer.Encode(random.Any(1)) is EncodedNumbers;
            using var onnx = new OnnxRun(layer, isNumbers ? OnnxElementType.Float : OnnxElementType.Int64);
            foreach (var rows in new[] { 1, 7, 256, 1, 1 })
            {
                AssertSame(layer, onnx, random.Any(rows));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Restored_state_answers_as_the_layer_did(string layerCase)
    {
        var random = new RandomFeatures(9);
        var layer = LayerCases.All[layerCase](random.Known(500));
        var written = layer.WriteState().ToJsonString();
        var restored = PreprocessingLayer.FromState((JsonObject)JsonNode.Parse(written)!);
        Assert.Equal(written, restored.WriteState().ToJsonString());
        Assert.Equal(layer.ToString(), restored.ToString());
        Assert.Equal(layer.Inputs, restored.Inputs);
        Assert.True(restored.IsAdapted);
        var batch = random.Any(300);
        AssertSame(layer.Encode(batch), restored.Encode(batch));

        // The state held in memory, not parsed from text, restores too; and adapting again to other data works.
        var direct = PreprocessingLayer.FromState(layer.WriteState());
        AssertSame(layer.Encode(batch), direct.Encode(batch));
        direct.Adapt(random.Known(50));
        layer.Adapt(new RandomFeatures(10).Known(50));
        layer.ReadState(restored.WriteState());
        AssertSame(restored.Encode(batch), layer.Encode(batch));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Output_says_what_Encode_gives(string layerCase)
    {
        var random = new RandomFeatures(2);
        var layer = LayerCases.All[layerCase](random.Known(300));
        var expected = layer.Encode(random.Any(20)) switch
        {
            EncodedIds ids => EncodedSchema.Ids(ids.Cardinality, ids.IsJagged),
            var numbers => EncodedSchema.Numbers(((EncodedNumbers)numbers).Width),
        };
        Assert.Equal(expected, layer.Output);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Encoding_is_row_by_row(string layerCase)
    {
        var random = new RandomFeatures(3);
        var layer = LayerCases.All[layerCase](random.Known(500));
        var batch = random.Any(120);
        foreach (int[] rows in new int[][] { [5, 5, 119, 0, 64], [7], [] })
        {
            AssertSame(layer.Encode(batch.Select(rows)), layer.Encode(batch).Select(rows));
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Threads_change_nothing_and_may_encode_at_once(string layerCase)
    {
        var random = new RandomFeatures(4);
        var layer = LayerCases.All[layerCase](random.Known(500));
        var batch = random.Any(300);
        var rows = Enumerable.Range(0, 40_000).Select(i => i % 300).ToArray();
        var long_ = batch.Select(rows);
        var expected = layer.Encode(batch).Select(rows);
        Parallel.For(0, 4, _ => AssertSame(expected, layer.Encode(long_)));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_batch_without_the_column_or_of_another_type_is_refused_by_name(string layerCase)
    {
        var random = new RandomFeatures(5);
        var layer = LayerCases.All[layerCase](random.Known(200));
        var batch = random.Any(1);
        foreach (var schema in layer.Inputs)
        {
            var others = batch.Columns.Where(column => column.Name != schema.Name).ToArray();
            var names = string.Join(", ", others.Select(column => column.Name));
            var missing = Assert.Throws<ArgumentException>(() => layer.Encode(new FeatureBatch(others)));
            Assert.Contains($"needs a column '{schema.Name}', which the data lack. Their columns are: {names}.", missing.Message, StringComparison.Ordinal);

            // Another type is read where all values fit: "x" is no number, and a list is no single value.
            Column wrong = schema is { Type: not ColumnType.String, IsJagged: false } ? new Column<string>(schema.Name, ["x"])
                : schema.IsJagged ? new Column<float>(schema.Name, [1f])
                : new Column<float>(schema.Name, [1f], [0, 1]);
            var type = Assert.Throws<ArgumentException>(() => layer.Encode(new FeatureBatch([.. others, wrong])));
            Assert.Contains($"was adapted to '{schema}' but the batch holds '{wrong.Schema}'", type.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_same_values_in_another_type_are_encoded_alike(string layerCase)
    {
        var random = new RandomFeatures(8);
        var layer = LayerCases.All[layerCase](random.Known(300));
        var batch = random.Any(150);
        foreach (var type in Enum.GetValues<ColumnType>())
        {
            // Only types that hold all values: the way back gives the column again.
            var others = batch.Columns.Select(column => column.TryConvertTo(type, out var other)
                && other.TryConvertTo(column.Schema.Type, out var back) && HoldSame(column, back) ? other : column);
            AssertSame(layer.Encode(batch), layer.Encode(new FeatureBatch([.. others])));
        }
    }

    private static bool HoldSame(Column one, Column other) => (one, other) switch
    {
        (Column<string> a, Column<string> b) => a.Values.SequenceEqual(b.Values),
        (Column<long> a, Column<long> b) => a.Values.SequenceEqual(b.Values),
        (Column<float> a, Column<float> b) => MemoryMarshal.AsBytes(a.Values).SequenceEqual(MemoryMarshal.AsBytes(b.Values)),
        (Column<double> a, Column<double> b) => MemoryMarshal.AsBytes(a.Values).SequenceEqual(MemoryMarshal.AsBytes(b.Values)),
        _ => false,
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Damaged_state_is_refused_and_changes_nothing(string layerCase)
    {
        var random = new RandomFeatures(6);
        var layer = LayerCases.All[layerCase](random.Known(200));
        var before = layer.WriteState().ToJsonString();
        var names = layer.WriteState().Select(property => property.Key).ToArray();
        foreach (var name in names)
        {
            var damaged = layer.WriteState();
            damaged[name] = new JsonObject { ["unexpected"] = true };
            Assert.Throws<InvalidDataException>(() => layer.ReadState(damaged));
            Assert.Equal(before, layer.WriteState().ToJsonString());
        }

        Assert.Throws<InvalidDataException>(() => layer.ReadState([]));
        Assert.Throws<InvalidDataException>(() => PreprocessingLayer.FromState(new JsonObject { ["layer"] = "Unheard" }));
    }

    private static void AssertSame(PreprocessingLayer layer, OnnxRun onnx, FeatureBatch batch)
    {
        if (layer.Encode(batch) is EncodedNumbers numbers)
        {
            AssertSame(numbers.Values.Span, onnx.Numbers(batch));
            return;
        }

        var ids = (EncodedIds)layer.Encode(batch);
        var (rows, all) = onnx.Ids(batch);
        Assert.Equal(batch.RowCount, ids.RowCount);
        for (var row = 0; row < rows.Length; row++)
        {
            var expected = ids.IsJagged ? ids.Values.Span[ids.Offsets.Span[row]..ids.Offsets.Span[row + 1]] : ids.Values.Span.Slice(row, 1);
            Assert.Equal(expected.ToArray().Select(id => (long)id), rows[row]);
        }

        // Padding is gathered too before it is masked, so it must name a row of the table.
        Assert.All(all, id => Assert.InRange(id, 0, ids.Cardinality - 1));
        Assert.All(ids.Values.ToArray(), id => Assert.InRange(id, 0, ids.Cardinality - 1));
    }

    private static void AssertSame(EncodedColumn expected, EncodedColumn actual)
    {
        Assert.Equal(expected.RowCount, actual.RowCount);
        if (expected is EncodedNumbers numbers)
        {
            AssertSame(numbers.Values.Span, ((EncodedNumbers)actual).Values.Span);
            return;
        }

        var (expectedIds, actualIds) = ((EncodedIds)expected, (EncodedIds)actual);
        Assert.Equal(expectedIds.Cardinality, actualIds.Cardinality);
        Assert.True(expectedIds.Values.Span.SequenceEqual(actualIds.Values.Span));
        Assert.True(expectedIds.Offsets.Span.SequenceEqual(actualIds.Offsets.Span));
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            // To the bit, but for the payload of NaN.
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]) || (float.IsNaN(expected[i]) && float.IsNaN(actual[i])),
                $"element {i}: {expected[i]:R} and {actual[i]:R}");
        }
    }
}
