using System.Globalization;
using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>What a label column says: one of two classes, of which the positive one's probability is predicted, or a number.</summary>
/// <param name="Column">The label column.</param>
/// <param name="Positive">The positive class as the file writes it; null when labels are numbers to predict.</param>
/// <param name="Negative">The other class; null with <paramref name="Positive"/>.</param>
public sealed record LabelCoding(string Column, string? Positive, string? Negative)
{
    // Told apart from their opposites in any case of letters.
    private static readonly HashSet<string> Affirmative = new(["1", "yes", "y", "true", "t", "positive", "pos", "+", "good", "click", "clicked"], StringComparer.OrdinalIgnoreCase);

    /// <summary>True where labels are two classes.</summary>
    public bool IsBinary => Positive is not null;

    /// <summary>
    /// Two different values are classes, positive is: what the user says; else the greater number; else the text that says yes; else the
    /// rarer text (of equally many the later in ordinal order). More numbers are a rating.
    /// </summary>
    /// <exception cref="ArgumentException">The column is no label.</exception>
    internal static LabelCoding Infer(Column column, string? positive, RankingLoss loss)
    {
        var counts = Texts(column).Index().GroupBy(cell => cell.Item, cell => cell.Index, StringComparer.Ordinal)
            .Select(group => (Value: group.Key, Count: group.Count(), Row: group.First())).ToArray();
        if (counts.FirstOrDefault(one => one.Value.Length == 0) is { Value: not null } missing)
        {
            throw new ArgumentException($"Row {missing.Row + 1} has no label in column '{column.Name}' ({missing.Count} rows have none). Fill it in or leave the row out.");
        }

        if (counts.Length < 2)
        {
            throw InvalidOption.Named("Label", $"The label column '{column.Name}' is '{counts.FirstOrDefault().Value}' in every row: there is nothing to learn. Name another column.");
        }

        var isText = column is Column<string>;
        var isRating = loss == RankingLoss.Squared || (loss == RankingLoss.Auto && counts.Length > 2 && positive is null);
        if (isRating)
        {
            return !isText ? new LabelCoding(column.Name, Positive: null, Negative: null) : throw new ArgumentException(
                $"The label column '{column.Name}' holds texts, {counts.Length} different ones such as '{counts[0].Value}' (row {counts[0].Row + 1}). A label is a number, or one of two classes.");
        }

        if (counts.Length > 2)
        {
            throw InvalidOption.Named(
                "Loss", $"Column '{column.Name}' has {counts.Length} different labels, such as '{counts[0].Value}', '{counts[1].Value}' and '{counts[2].Value}' (row {counts[2].Row + 1}); a classification has two. A squared loss predicts a number.");
        }

        if (positive is not null && counts.All(one => one.Value != positive))
        {
            throw InvalidOption.Named("Positive", $"The positive label is to be '{positive}'; the labels in column '{column.Name}' are '{counts[0].Value}' and '{counts[1].Value}'.");
        }

        var chosen = positive ?? (isText
            ? counts.OrderBy(one => Affirmative.Contains(one.Value.Trim())).ThenByDescending(one => one.Count).ThenBy(one => one.Value, StringComparer.Ordinal)
            : counts.OrderBy(one => double.Parse(one.Value, CultureInfo.InvariantCulture))).Last().Value;
        return new LabelCoding(column.Name, chosen, counts.First(one => one.Value != chosen).Value);
    }

    /// <summary>The labels as the model learns them: 1 and 0 for the classes, else the numbers.</summary>
    /// <exception cref="InvalidDataException">A row has a label that the coding does not know.</exception>
    internal Column<float> Encode(Column column, string file) => new(Column, [.. Texts(column).Select((label, row) => (Positive, label) switch
    {
        (_, "") => throw new InvalidDataException($"{file}: row {row + 1} has no label in column '{Column}'."),
        (null, _) => float.TryParse(label, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : throw new InvalidDataException($"{file}: row {row + 1} has the label '{label}' in column '{Column}'; a finite number was expected."),
        _ when label == Positive => 1f,
        _ when label == Negative => 0f,
        _ => throw new InvalidDataException($"{file}: row {row + 1} has the label '{label}' in column '{Column}'; '{Negative}' or '{Positive}' was expected."),
    })]);

    internal JsonObject ToJson() => new() { ["column"] = Column, ["positive"] = Positive, ["negative"] = Negative };

    internal static LabelCoding FromJson(JsonNode node) => new((string)node["column"]!, (string?)node["positive"], (string?)node["negative"]);

    // 1 and 1.0 are the same label, whatever type another file's column has.
    private static IEnumerable<string> Texts(Column column) => column switch
    {
        Column<string> { Schema.IsJagged: false } texts => texts.Values.ToArray(),
        Column<long> { Schema.IsJagged: false } integers => integers.Values.ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Column<double> { Schema.IsJagged: false } numbers => numbers.Values.ToArray().Select(value => double.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture)),
        Column<float> { Schema.IsJagged: false } numbers => numbers.Values.ToArray().Select(value => float.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"The label column '{column.Schema}' holds lists; a label is one value a row."),
    };
}
