using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DotRec.Conformance.Tests;

/// <summary>The code in the XML documentation of public members compiles, all of it, against nothing but the public API.</summary>
public class DocumentationExampleTests
{
    private static readonly Lazy<MetadataReference[]> References = new(() => [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<CSharpCompilation> Compilation = new(() => Of(CodeExample.All));

    [Fact]
    public void Every_example_compiles()
    {
        Assert.NotEmpty(CodeExample.All);

        // Nullable warnings count: an example that dereferences what may be null teaches a mistake.
        var complaints = Compilation.Value.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || diagnostic.Id.StartsWith("CS86", StringComparison.Ordinal))
            .Select(diagnostic => diagnostic.ToString())
            .ToList();

        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
    }

    [Fact]
    public void An_example_that_does_not_compile_is_found_at_its_line()
    {
        var examples = CodeExample.In("Shown.cs", """
            /// <summary>Shown.</summary>
            /// <example>
            /// <code>
            /// new Tower(new Embedding("wide"))
            /// </code>
            /// </example>
            public class Shown
            {
                /// <summary>Kept for ourselves: <code>not C#</code></summary>
                internal void Hidden() { }
            }
            """);

        var example = Assert.Single(examples);
        var error = Assert.Single(Of([example]).GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.StartsWith("Shown.cs(3,", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A type of the example in a source file, as a reader would have it after copying.</summary>
    internal static Type Copied(string file, string type)
    {
        var number = CodeExample.All.ToList().FindIndex(example => example.File.EndsWith(file, StringComparison.Ordinal) && example.Code.Contains($"class {type}", StringComparison.Ordinal));
        Assert.True(number >= 0, $"{file} has no example with a class {type}.");
        using var stream = new MemoryStream();
        var result = Compilation.Value.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return Assembly.Load(stream.ToArray()).GetType($"{ExampleProgram.Namespace(number)}.{type}", throwOnError: true)!;
    }

    /// <summary>A piece of code alone, with what examples take for granted.</summary>
    internal static CSharpCompilation Compile(string code) => Of([new CodeExample("Code.cs", 1, code)]);

    private static CSharpCompilation Of(IEnumerable<CodeExample> examples) => CSharpCompilation.Create(
        "DotRec.Examples",
        examples.Select(ExampleProgram.Of),
        References.Value,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
