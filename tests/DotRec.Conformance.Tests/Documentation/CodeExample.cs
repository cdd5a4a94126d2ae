using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DotRec.Conformance.Tests;

/// <summary>A piece of code in a document, or in the XML documentation of a public type or member.</summary>
/// <param name="File">The file, from the root of the repository.</param>
/// <param name="Line">Its line there, from 1.</param>
/// <param name="Code">The code as a reader sees it.</param>
internal sealed partial record CodeExample(string File, int Line, string Code)
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14, DocumentationMode.Parse);

    /// <summary>Every example of every project under src, and of every document under docs.</summary>
    public static IReadOnlyList<CodeExample> All { get; } = [.. Files("src", "*.cs").SelectMany(one => In(one.File, one.Text)), .. Files("docs", "*.md").SelectMany(one => InDocument(one.File, one.Text))];

    /// <summary>The examples of a document: its blocks of C#.</summary>
    public static IEnumerable<CodeExample> InDocument(string file, string text) => CodeBlock().Matches(text).Select(
        block => new CodeExample(file, text.AsSpan(0, block.Groups[1].Index).Count('\n') + 1, block.Groups[1].Value.Trim()));

    /// <summary>The examples of a source file.</summary>
    public static IEnumerable<CodeExample> In(string file, string source)
    {
        if (!source.Contains("<code", StringComparison.Ordinal))
        {
            return [];
        }

        var root = CSharpSyntaxTree.ParseText(source, Parsing).GetRoot();
        return root.DescendantNodes(descendIntoTrivia: true).OfType<XmlElementSyntax>()
            .Where(element => element.StartTag.Name.LocalName.ValueText == "code" && IsPublic(element.ParentTrivia()))
            .Select(element => new CodeExample(file, element.GetLocation().GetLineSpan().StartLinePosition.Line + 1, TextOf(element)));
    }

    private static IEnumerable<(string File, string Text)> Files(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), pattern, SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
        .Order(StringComparer.Ordinal)
        .Select(file => (Path.GetRelativePath(RepositoryRoot.Path, file), System.IO.File.ReadAllText(file)));

    public override string ToString() => $"{File}({Line})";

    private static string TextOf(XmlElementSyntax element) => string.Concat(element.Content
        .SelectMany(node => node.DescendantTokens())
        .Where(token => token.Kind() is SyntaxKind.XmlTextLiteralToken or SyntaxKind.XmlEntityLiteralToken or SyntaxKind.XmlTextLiteralNewLineToken)
        .Select(token => token.ValueText)).Trim();

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    /// <summary>True when users see the documented member: it and all types around it are public or protected.</summary>
    private static bool IsPublic(SyntaxNode documented) => documented.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(member =>
        member is BaseNamespaceDeclarationSyntax or EnumMemberDeclarationSyntax
        || member.Parent is InterfaceDeclarationSyntax
        || member.Modifiers.Any(SyntaxKind.PublicKeyword)
        || (member.Modifiers.Any(SyntaxKind.ProtectedKeyword) && !member.Modifiers.Any(SyntaxKind.PrivateKeyword)));
}

/// <summary>From a node within a comment to what the comment stands before.</summary>
internal static class CommentedNode
{
    public static SyntaxNode ParentTrivia(this SyntaxNode node) =>
        node.AncestorsAndSelf().OfType<DocumentationCommentTriviaSyntax>().First().ParentTrivia.Token.Parent!;
}
