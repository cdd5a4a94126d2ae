using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DotRec.Conformance.Tests;

/// <summary>
/// Makes a whole source file of an example. Types stand as they are; members stand in a model (<see cref="ExampleModel"/>), statements and single
/// expressions in a method (<see cref="ExampleData"/>), whose fields are what an example may take for granted.
/// </summary>
internal static class ExampleProgram
{
    private const string Usings = """
        using System; using System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks;
        using DotRec.Autodiff; using DotRec.Data; using DotRec.Features; using DotRec.Indexing; using DotRec.Kernels; using DotRec.Modeling; using DotRec.Onnx; using DotRec.Pipelines; using DotRec.Serving; using DotRec.Conformance.Tests;
        using Microsoft.Extensions.DependencyInjection;

        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14);

    /// <summary>The namespace of example number <paramref name="number"/>.</summary>
    public static string Namespace(int number) => string.Create(CultureInfo.InvariantCulture, $"Example{number}");

    /// <summary>The file, whose errors are reported at the example's lines.</summary>
    public static SyntaxTree Of(CodeExample example, int number)
    {
        var code = $"\n#line {example.Line.ToString(CultureInfo.InvariantCulture)} \"{example.File}\"\n{example.Code}\n#line default\n";
        var name = Namespace(number);
        var text = Usings + Shape(example.Code) switch
        {
            ExampleShape.Types => $"namespace {name} {{ {code} }}",
            ExampleShape.Members => $"namespace {name} {{ sealed class Example : ExampleModel {{ {code} }} }}",
            ExampleShape.Expression => $"namespace {name} {{ sealed class Example : ExampleData {{ object Run() => {code}; }} }}",
            _ => $"namespace {name} {{ sealed class Example : ExampleData {{ async Task Run() {{ {code} await Task.CompletedTask; }} }} }}",
        };
        return CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), Parsing, path: $"{name}.cs");
    }

    private static ExampleShape Shape(string code)
    {
        var unit = SyntaxFactory.ParseCompilationUnit(code, options: Parsing);
        if (unit.Members.Count > 0 && unit.Members.All(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax) && !unit.ContainsDiagnostics)
        {
            return ExampleShape.Types;
        }

        var model = SyntaxFactory.ParseCompilationUnit($"class Model {{ {code} }}", options: Parsing);
        if (!model.ContainsDiagnostics && model.Members.Count == 1 && ((TypeDeclarationSyntax)model.Members[0]).Members.Any(member => member is BaseMethodDeclarationSyntax))
        {
            return ExampleShape.Members;
        }

        return SyntaxFactory.ParseExpression(code, options: Parsing, consumeFullText: true).ContainsDiagnostics ? ExampleShape.Statements : ExampleShape.Expression;
    }

    private enum ExampleShape
    {
        Types,
        Members,
        Statements,
        Expression,
    }
}
