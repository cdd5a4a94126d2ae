namespace DotRec.Serving;

/// <summary>The features of a query are not what the model reads: one is missing, unknown, null or of another type. The message names it.</summary>
/// <param name="message">What is wrong, what was received, what was expected.</param>
public sealed class InvalidQueryException(string message) : ArgumentException(message);
