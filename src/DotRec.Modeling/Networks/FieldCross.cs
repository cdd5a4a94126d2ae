using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>Makes one field of several: every combination of their categories is a category, hashed into bins.</summary>
/// <remarks>
/// The hash needs no vocabulary and meets no unknown combination; two combinations may share a bin. In the served graph it is the same hash.
/// </remarks>
internal static class FieldCross
{
    public static Field Of(IReadOnlyList<Field> fields, IReadOnlyList<string> names, int bins)
    {
        ArgumentNullException.ThrowIfNull(names);
        var crossed = names.Select(name => fields.FirstOrDefault(field => field.Name == name) ?? throw new ArgumentException(
            $"The cross ({string.Join(", ", names)}) names a field '{name}', which the network does not have. It has: {string.Join(", ", fields)}.")).ToArray();
        if (crossed.FirstOrDefault(field => field.IsNumeric || field.Preprocessing.Output.IsJagged) is { } other)
        {
            throw new ArgumentException(
                $"The cross ({string.Join(", ", names)}) names field '{other}', which gives {other.Preprocessing.Output}; only fields of one category a row can be crossed."
                + (other.IsNumeric ? " Make bins of it by Discretization." : ""));
        }

        return new Field(string.Join(" × ", names), new CategoryCrossing([.. crossed.Select(field => field.Preprocessing)], bins), () => new Embedding(1));
    }
}
