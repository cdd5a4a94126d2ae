namespace DotRec.Onnx;

/// <summary>Writes a node's attributes as AttributeProto: the value in the field of its type, and the type.</summary>
internal static class OnnxAttribute
{
    private const int Type = 20;

    public static WireWriter Write(string name, object value)
    {
        var attribute = new WireWriter().Text(1, name);
        switch (value)
        {
            case int number:
                return attribute.Integer(3, number).Integer(Type, 2);
            case long number:
                return attribute.Integer(3, number).Integer(Type, 2);
            case float number:
                return attribute.Float(2, number).Integer(Type, 1);
            case string text:
                return attribute.Text(4, text).Integer(Type, 3);
            case long[] numbers:
                return attribute.Integers(8, numbers).Integer(Type, 7);
            case float[] numbers:
                Array.ForEach(numbers, number => attribute.Float(7, number));
                return attribute.Integer(Type, 6);
            case string[] texts:
                Array.ForEach(texts, text => attribute.Text(9, text));
                return attribute.Integer(Type, 8);
            default:
                throw new ArgumentException(
                    $"Attribute '{name}' has type {value?.GetType().Name ?? "null"}; an ONNX attribute is an int, long, float, string or an array of long, float or string.",
                    nameof(value));
        }
    }
}
