using System.Text;
using DotRec.Data;

namespace DotRec.Features.Tests;

public sealed class TextVectorizationTests
{
    [Fact]
    public void Text_is_lower_cased_stripped_and_split()
    {
        var layer = Adapted("Toy Story (1995)", "toy  story 2", "\tDon't -- Look\u00A0Now ");
        Assert.Equal(["story", "toy", "1995", "2", "dont", "look", "now"], layer.Vocabulary);
        var ids = layer.Encode(Titles("TOY! story?", "", "--", "a story", "don't don't"));
        Assert.Equal([2, 1, 0, 1, 5, 5], ids.Values.ToArray());
        Assert.Equal([0, 2, 2, 2, 4, 6], ids.Offsets.ToArray());
        Assert.Equal(new OovStatistics(6, 1), layer.EncodeStatistics);
    }

    [Fact]
    public void Lower_case_is_the_simple_form_of_every_code_point()
    {
        var layer = Adapted("ÉTÉ ЖУК Ωμέγα STRASSE straße 𐐀");
        Assert.Equal(["strasse", "straße", "été", "ωμέγα", "жук", "𐐨"], layer.Vocabulary.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Standardization_is_optional()
    {
        Assert.Equal(["Don't", "Look"], Adapted(TextStandardization.None, "Don't Look").Vocabulary);
        Assert.Equal(["don't", "look"], Adapted(TextStandardization.Lowercase, "Don't Look").Vocabulary);
        Assert.Equal(["Dont", "Look"], Adapted(TextStandardization.StripPunctuation, "Don't Look").Vocabulary);
    }

    [Fact]
    public void Only_the_first_characters_are_read()
    {
        // Six code points of which one takes two UTF-16 units: the last letter is cut off.
        var data = Titles("ab 🎬cd");
        var layer = new TextVectorization("title", data, maxCharacters: 5);
        Assert.Equal(["ab", "🎬c"], layer.Vocabulary.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tokens_agree_with_a_slow_and_plain_definition()
    {
        var random = new RandomFeatures(11);
        var data = random.Any(2000);
        var layer = new TextVectorization("title", data, maxCharacters: 100_000);
        var ids = layer.Encode(data);
        var titles = data.Get<string>("title");
        for (var row = 0; row < data.RowCount; row++)
        {
            var tokens = ids.Values.Span[ids.Offsets.Span[row]..ids.Offsets.Span[row + 1]].ToArray().Select(id => layer.Vocabulary[id - 1]);
            Assert.Equal(Plain(titles.Values[row]), tokens);
        }
    }

    [Fact]
    public void Bad_settings_and_vocabularies_no_text_can_give_are_refused()
    {
        Refusal.Of(() => new TextVectorization("title", maxCharacters: 1), "maxCharacters is 1; expected 2 to 1,048,576.");
        Refusal.Of(() => new TextVectorization("title", standardization: (TextStandardization)8), "there is no standardization 8.");
        Refusal.Of(() => new TextVectorization("title", ["toy", "Story"]), "the vocabulary holds 'Story', which no text can give");
        Refusal.Of(() => new TextVectorization("title", ["toy story"]), "the vocabulary holds 'toy story', which no text can give");
        Refusal.Of(() => new TextVectorization("title", [""]), "the vocabulary holds '', which no text can give");
        Refusal.Of(() => new TextVectorization("title", ["a", "a"]), "TextVectorization(\"title\"): The vocabulary holds 'a' twice");
        Refusal.Of(() => Adapted("--", " "), "TextVectorization(\"title\") cannot adapt: column 'title' holds no value.");
        Refusal.Of(() => new TextVectorization("title", new FeatureBatch(new Column<string>("title", ["a"], [0, 1]))), "reads one value a row");
        Assert.Equal("TextVectorization(\"title\"): 1 tokens + OOV, a list a row", new TextVectorization("title", ["a"]).ToString());
    }

    private static FeatureBatch Titles(params string[] titles) => new(new Column<string>("title", titles));

    private static TextVectorization Adapted(params string[] titles) => new("title", Titles(titles));

    private static TextVectorization Adapted(TextStandardization standardization, params string[] titles) =>
        new("title", Titles(titles), standardization: standardization);

    private static string[] Plain(string text)
    {
        var standard = string.Concat(text.EnumerateRunes()
            .Select(rune => Rune.ToLowerInvariant(rune))
            .Where(rune => !"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".EnumerateRunes().Contains(rune)));
        return standard.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }
}
