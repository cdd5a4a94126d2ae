using System.Text.RegularExpressions;

namespace DotRec.Conformance.Tests;

/// <summary>What documents show is what the code is: code blocks are compiled somewhere, links lead somewhere.</summary>
public partial class DocumentationTests
{
    [Fact]
    public void The_readmes_programs_are_the_samples_that_are_compiled()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));
        var samples = new[] { "First", "RecommendFilms", "RankFilms" }.Select(
            name => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "samples", name + ".cs")));

        Assert.Equal(samples.Select(sample => sample.Trim()), CodeBlock().Matches(readme).Select(match => match.Groups[1].Value.Trim()));
    }

    [Fact]
    public void Every_relative_link_of_a_document_leads_to_something()
    {
        var documents = Directory.EnumerateFiles(RepositoryRoot.Path, "*.md").Concat(
            Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories));

        Assert.All(documents, document => Assert.All(
            Link().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value).Where(
                target => !target.Contains("://", StringComparison.Ordinal)),
            target => Assert.True(
                Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target.Split('#')[0])), $"{document} links to {target}, which does not exist.")));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)#]+[^)]*)\)")]
    private static partial Regex Link();
}
