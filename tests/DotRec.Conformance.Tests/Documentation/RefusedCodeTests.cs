using Microsoft.CodeAnalysis;

namespace DotRec.Conformance.Tests;

/// <summary>Mistakes that the types of the public API rule out, each with the compiler's reason.</summary>
public class RefusedCodeTests
{
    [Theory]
    [InlineData("Loss loss = users.Mean();", "CS0029")]
    [InlineData("OnnxModel served = new Tower(new StringLookup(\"user_id\", data), new Embedding(4));", "CS0029")]
    [InlineData("new Embedding(4).Call(users, ForwardContext.Inference)", "CS1061")]
    [InlineData("new QuotientRemainderEmbedding(4).Call(users, ForwardContext.Inference)", "CS1061")]
    [InlineData("new MlpNetwork(Fields.Of(data, columns)).Call(users, ForwardContext.Inference)", "CS1061")]
    [InlineData("Layer input = new StringLookup(\"user_id\", data); input.Call(users, ForwardContext.Inference);", "CS1061")]
    [InlineData("new Field(\"user\", new StringLookup(\"user_id\", data), new Embedding(4))", "CS1503")]
    public void Does_not_compile(string code, string error) => Assert.Equal(
        [error],
        DocumentationExampleTests.Compile(code).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id));
}
