namespace DotRec.Pipelines;

/// <summary>An input or output of an exported model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its elements, as ONNX names it.</param>
/// <param name="Shape">A size for each axis, or a symbol such as "batch" for one that is known at run time.</param>
public sealed record ExportedValue(string Name, string Type, IReadOnlyList<string> Shape)
{
    /// <summary>As in "user_id (String [batch])".</summary>
    public override string ToString() => $"{Name} ({Type} [{string.Join(", ", Shape)}])";
}
