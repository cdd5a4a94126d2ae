using Microsoft.ML.OnnxRuntime;

namespace DotRec.Autodiff.Tests.Export;

/// <summary>One input of a model: its name and how to make its value.</summary>
internal sealed record OnnxFeed(string Name, Func<OrtValue> Make)
{
    public static OnnxFeed Of<T>(string name, T[] values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var sizes = Array.ConvertAll(shape.ToArray(), size => (long)size);
        return new OnnxFeed(name, () => OrtValue.CreateTensorValueFromMemory(values, sizes));
    }

    /// <summary>Jagged indices as [batch, count], padded with something that is no row, and their lengths.</summary>
    public static IEnumerable<OnnxFeed> OfLists(string name, Indices lists)
    {
        const long Padding = -999;
        var offsets = lists.Offsets.ToArray();
        var lengths = offsets.Zip(offsets.Skip(1), (from, to) => (long)(to - from)).ToArray();
        var count = (int)lengths.Max();
        var padded = Enumerable.Repeat(Padding, lists.RowCount * count).ToArray();
        for (var row = 0; row < lists.RowCount; row++)
        {
            for (var i = 0; i < lengths[row]; i++)
            {
                padded[(row * count) + i] = lists.Values.Span[offsets[row] + i];
            }
        }

        return [Of(name, padded, lists.RowCount, count), Of($"{name}_length", lengths, lists.RowCount)];
    }
}
