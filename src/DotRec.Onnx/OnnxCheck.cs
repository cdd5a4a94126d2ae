using System.Text;

namespace DotRec.Onnx;

/// <summary>
/// Looks through a model before ONNX Runtime sees it: it may reach nothing outside its own bytes, run no code but the operators that the runtime brings, and
/// claim no more than it holds. Messages are walked where they lie; nothing is allocated by what they say, and nesting is bounded.
/// </summary>
/// <remarks>
/// Field numbers are those of onnx.proto3. Every occurrence of a field is looked at, whatever a parser takes of several. What a graph computes is not
/// limited by this: an operator such as Expand can ask for more memory than there is.
/// </remarks>
internal static class OnnxCheck
{
    private const int DeepestGraph = 8;
    private const int MostNodes = 1 << 20;
    private const int LongestShown = 80;

    private static readonly HashSet<string> KnownDomains = new(StringComparer.Ordinal) { "", "ai.onnx", OnnxGraph.MachineLearningDomain, OnnxGraph.MicrosoftDomain };

    /// <exception cref="InvalidDataException">The bytes are no model, or one that is refused; the message says why in one sentence.</exception>
    public static void Check(ReadOnlyMemory<byte> model)
    {
        var nodes = 0;
        var hasGraph = false;
        foreach (var field in WireReader.Fields(model))
        {
            switch (field.Number)
            {
                case 7:
                    hasGraph = true;
                    CheckGraph(Message(field, "graph"), depth: 1, ref nodes);
                    break;
                case 20:
                    throw new InvalidDataException("It holds graphs for training, which are not served. Export it for inference.");
                case 25:
                    throw new InvalidDataException("It defines functions of its own, which are not looked into. Export it with its functions inlined.");
            }
        }

        if (!hasGraph)
        {
            throw new InvalidDataException("It is no ONNX model: it has no graph.");
        }
    }

    private static void CheckGraph(ReadOnlyMemory<byte> graph, int depth, ref int nodes)
    {
        if (depth > DeepestGraph)
        {
            throw new InvalidDataException($"Its graphs are nested more than {DeepestGraph} deep.");
        }

        foreach (var field in WireReader.Fields(graph))
        {
            switch (field.Number)
            {
                case 1:
                    nodes = nodes < MostNodes ? nodes + 1 : throw new InvalidDataException($"It has more than {MostNodes} nodes.");
                    CheckNode(Message(field, "node"), depth, ref nodes);
                    break;
                case 5:
                    CheckTensor(Message(field, "initializer"));
                    break;
                case 15:
                    CheckSparseTensor(Message(field, "initializer"));
                    break;
            }
        }
    }

    private static void CheckNode(ReadOnlyMemory<byte> node, int depth, ref int nodes)
    {
        foreach (var field in WireReader.Fields(node))
        {
            switch (field.Number)
            {
                case 4 when Text(field) is "Loop":
                    throw new InvalidDataException("It has a Loop, which may run without end. Export it without loops.");
                case 4 when Text(field) is "EPContext":
                    throw new InvalidDataException("It has an EPContext, which names files outside the model. Export it for the CPU.");
                case 5:
                    CheckAttribute(Message(field, "attribute"), depth, ref nodes);
                    break;
                case 7 when !KnownDomains.Contains(Text(field)):
                    throw new InvalidDataException(
                        $"It has an operator of the domain '{Text(field)}'; only those of ONNX (ai.onnx, {OnnxGraph.MachineLearningDomain}) and {OnnxGraph.MicrosoftDomain} are run.");
            }
        }
    }

    private static void CheckAttribute(ReadOnlyMemory<byte> attribute, int depth, ref int nodes)
    {
        foreach (var field in WireReader.Fields(attribute))
        {
            switch (field.Number)
            {
                case 5 or 10:
                    CheckTensor(Message(field, "tensor"));
                    break;
                case 6 or 11:
                    CheckGraph(Message(field, "graph"), depth + 1, ref nodes);
                    break;
                case 22 or 23:
                    CheckSparseTensor(Message(field, "tensor"));
                    break;
            }
        }
    }

    private static void CheckSparseTensor(ReadOnlyMemory<byte> tensor)
    {
        foreach (var field in WireReader.Fields(tensor).Where(field => field.Number is 1 or 2))
        {
            CheckTensor(Message(field, "tensor"));
        }

        // The runtime makes it a dense one, of as many elements as its shape has.
        CheckSizes(Sizes(tensor, field: 3), tensor.Length, "A sparse tensor");
    }

    private static void CheckTensor(ReadOnlyMemory<byte> tensor)
    {
        var name = "";
        foreach (var field in WireReader.Fields(tensor))
        {
            switch (field.Number)
            {
                case 8:
                    name = Text(field);
                    break;
                case 13:
                case 14 when field.Integer != 0 || field.WireType != WireReader.Varint:
                    throw new InvalidDataException(
                        $"The tensor '{name}' keeps its values in another file{Location(tensor)}; a model may reach nothing outside itself. Export it in one file.");
            }
        }

        CheckSizes(Sizes(tensor, field: 1), tensor.Length, $"The tensor '{name}'");
    }

    private static IEnumerable<ulong> Sizes(ReadOnlyMemory<byte> tensor, int field) =>
        WireReader.Fields(tensor).Where(found => found.Number == field).SelectMany(WireReader.Integers);

    // The narrowest elements, of four bits, are two a byte; of all others a byte holds one at most.
    private static void CheckSizes(IEnumerable<ulong> sizes, int byteLength, string tensor)
    {
        UInt128 elements = 1;
        foreach (var size in sizes)
        {
            elements = UInt128.Min(elements * Math.Min(size, long.MaxValue), long.MaxValue);
        }

        if (elements > 2 * (UInt128)byteLength)
        {
            throw new InvalidDataException($"{tensor} claims {elements} elements, but holds {byteLength} bytes.");
        }
    }

    // A message written as a number is one that parsers pass over and this would not see into.
    private static ReadOnlyMemory<byte> Message(WireReader.Field field, string what) => field.WireType == WireReader.LengthDelimited
        ? field.Content
        : throw new InvalidDataException($"It is no ONNX model: where a {what} belongs stands a number.");

    private static string Location(ReadOnlyMemory<byte> tensor)
    {
        var entries = WireReader.Fields(tensor).Where(field => field is { Number: 13, WireType: WireReader.LengthDelimited });
        var values = entries.SelectMany(entry => WireReader.Fields(entry.Content)).Where(field => field.Number == 2).Select(Text);
        return values.FirstOrDefault() is { } location ? $" ('{location}')" : "";
    }

    // For comparing and for messages: of a long name the beginning.
    private static string Text(WireReader.Field field)
    {
        var text = Encoding.UTF8.GetString(field.Content.Span[..Math.Min(field.Content.Length, LongestShown)]);
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) + (field.Content.Length > LongestShown ? "…" : "");
    }
}
