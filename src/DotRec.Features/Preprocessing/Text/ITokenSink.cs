namespace DotRec.Features;

/// <summary>Takes the tokens of a text, one after another.</summary>
internal interface ITokenSink
{
    /// <summary>One token; the span is valid during the call.</summary>
    void Token(ReadOnlySpan<char> token);
}
