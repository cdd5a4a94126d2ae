namespace DotRec.Data;

/// <summary>A top-level field of a Parquet file: a column of single values or of lists, or something that no feature column holds.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Leaf">The values; null where the field holds structures, maps or lists of lists.</param>
/// <param name="Path">Path of the leaf, as <see cref="ParquetChunk.Path"/> has it.</param>
/// <param name="DefinitionLevel">The level that says that a value is there.</param>
/// <param name="ElementLevel">In lists, the least level that says that an element is there, if only a missing one.</param>
/// <param name="IsList">True when a row holds a list.</param>
internal sealed record ParquetField(string Name, ParquetSchemaElement? Leaf, string Path, int DefinitionLevel, int ElementLevel, bool IsList)
{
    private const int DeepestNesting = 32;

    /// <exception cref="InvalidDataException">The nodes are no tree.</exception>
    public static ParquetField[] Of(ParquetSchemaElement[] schema)
    {
        if (schema.Length == 0)
        {
            throw new InvalidDataException("its schema is empty");
        }

        var next = 1;
        var fields = new List<ParquetField>();
        for (var child = 0; child < schema[0].ChildCount; child++)
        {
            var leaves = new List<ParquetField>();
            var path = new Stack<string>();
            var name = next < schema.Length ? schema[next].Name : "";
            Walk(schema, ref next, new ParquetField(name, Leaf: null, Path: "", 0, 0, IsList: false), repeated: 0, isInStructure: false, leaves, path);
            fields.Add(leaves is [{ Leaf: not null } only] ? only with { Name = name } : new ParquetField(name, Leaf: null, Path: "", 0, 0, IsList: false));
        }

        return next == schema.Length ? [.. fields] : throw new InvalidDataException("its schema is damaged");
    }

    private static void Walk(
        ParquetSchemaElement[] schema, ref int next, ParquetField above, int repeated, bool isInStructure, List<ParquetField> leaves, Stack<string> path)
    {
        if (next == schema.Length || path.Count > DeepestNesting)
        {
            throw new InvalidDataException("its schema is damaged");
        }

        var element = schema[next++];
        var level = above.DefinitionLevel + (element.Repetition == 0 ? 0 : 1);
        var isRepeated = element.Repetition == ParquetSchemaElement.Repeated;
        var here = above with
        {
            DefinitionLevel = level,
            ElementLevel = isRepeated ? level : above.ElementLevel,
            IsList = above.IsList || isRepeated,
        };
        repeated += isRepeated ? 1 : 0;
        if (element.ChildCount == 0)
        {
            // Below a repeated node of one child stands the element of a list; groups elsewhere are structures, and so are those of several children. A path
            // is as long as the names on it: it is made for the one leaf that is read.
            leaves.Add(repeated <= 1 && !isInStructure ? here with { Leaf = element, Path = string.Join('\0', path.Reverse().Append(element.Name)) } : here);
            return;
        }

        var isStructure = element.ChildCount != 1 || element.Meaning == ParquetMeaning.Map
            || (!isRepeated && !above.IsList && next < schema.Length && schema[next].Repetition != ParquetSchemaElement.Repeated)
            || (!isRepeated && above.IsList);
        path.Push(element.Name);
        for (var child = 0; child < element.ChildCount; child++)
        {
            Walk(schema, ref next, here, repeated, isInStructure || isStructure, leaves, path);
        }

        path.Pop();
    }
}
