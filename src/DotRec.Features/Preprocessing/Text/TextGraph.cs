using System.Numerics;
using System.Text;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>The ONNX form of <see cref="TextSplitter"/> and a lookup of its tokens.</summary>
/// <remarks>
/// ONNX has no operator that edits text without the machine's locales (StringNormalizer needs them), so the text is taken apart into characters
/// (Tokenizer), each is replaced by its standardized form (LabelEncoder), and they are joined again, neighbours first, in log₂ steps
/// (StringConcat); then StringSplit finds the tokens. Only the characters that occur in the vocabulary need a form of their own: any other
/// makes its token unknown, so all others become one character that no token holds.
/// </remarks>
internal static class TextGraph
{
    /// <summary>Token rows of shape [batch, most tokens of a text] and token counts of shape [batch].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="texts">A value of strings of shape [batch].</param>
    /// <param name="splitter">Standardization and length limit.</param>
    /// <param name="vocabulary">Known tokens.</param>
    public static OnnxColumn Emit(OnnxGraph graph, string texts, TextSplitter splitter, Vocabulary<string> vocabulary)
    {
        var characters = graph.Node("Tokenizer", OnnxGraph.MicrosoftDomain, [texts], 1,
            ("mark", 0), ("mincharnum", 1), ("pad_value", ""), ("separators", new[] { "" }))[0];
        var one = graph.Weight("axis", [1L], 1);
        var read = graph.Node("Slice", [characters, graph.Weight("start", [0L], 1), graph.Weight("max_characters", [(long)splitter.MaxCharacters], 1), one]);
        var (from, to, other) = Replacements(splitter.Standardization, vocabulary.Values);
        var standard = graph.Node("LabelEncoder", OnnxGraph.MachineLearningDomain, [read], 1,
            ("keys_strings", from), ("values_strings", to), ("default_string", other))[0];
        var joined = Join(graph, standard, texts, BitOperations.Log2((uint)splitter.MaxCharacters - 1) + 1);
        var split = graph.Node("StringSplit", "", [joined], 2);
        return new OnnxColumn(vocabulary.Emit(graph, split[0]), split[1]);
    }

    /// <summary>Joins each row of a [batch, n] value of strings, n ≤ 2^steps, to one string.</summary>
    private static string Join(OnnxGraph graph, string pieces, string texts, int steps)
    {
        var axis = graph.Weight("axis", [1L], 1);
        var (zero, one, two, end) = (graph.Weight("zero", [0L], 1), graph.Weight("one", [1L], 1), graph.Weight("two", [2L], 1), graph.Weight("end", [long.MaxValue], 1));

        // An empty string a row, so that an odd number of pieces pairs up too.
        var empty = graph.Node("LabelEncoder", OnnxGraph.MachineLearningDomain, [texts], 1,
            ("keys_strings", new[] { "" }), ("values_strings", new[] { "" }), ("default_string", ""))[0];
        var blank = graph.Node("Unsqueeze", [empty, axis]);
        for (var step = 0; step < steps; step++)
        {
            var even = graph.Node("Slice", [pieces, zero, end, axis, two]);
            var odd = graph.Node("Slice", [graph.Node("Concat", [pieces, blank], ("axis", 1)), one, end, axis, two]);
            pieces = graph.Node("StringConcat", [even, odd]);
        }

        // No characters at all in the batch leave no piece; the blank stands in.
        var first = graph.Node("Slice", [graph.Node("Concat", [pieces, blank], ("axis", 1)), zero, one, axis]);
        return graph.Node("Squeeze", [first, axis]);
    }

    private static (string[] From, string[] To, string Other) Replacements(TextStandardization standardization, IReadOnlyList<string> tokens)
    {
        var alphabet = tokens.SelectMany(token => token.EnumerateRunes()).ToHashSet();
        var forms = new SortedDictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        foreach (var rune in alphabet)
        {
            forms[rune.ToString()] = rune.ToString();
        }

        if (standardization.HasFlag(TextStandardization.Lowercase))
        {
            foreach (var (upper, lower) in CodePoints.LowercaseForms.Where(form => alphabet.Contains(form.Lower)))
            {
                forms[upper.ToString()] = lower.ToString();
            }
        }

        if (standardization.HasFlag(TextStandardization.StripPunctuation))
        {
            foreach (var mark in CodePoints.PunctuationMarks)
            {
                forms[mark.ToString()] = "";
            }
        }

        foreach (var space in CodePoints.WhiteSpace)
        {
            forms[space.ToString()] = " ";
        }

        // The first private-use character that no token holds.
        var other = 0xE000;
        while (alphabet.Contains(new Rune(other)))
        {
            other++;
        }

        return ([.. forms.Keys], [.. forms.Values], new Rune(other).ToString());
    }
}
