namespace DotRec.Data;

/// <summary>A value does not fit the column it is for. The message names column, value and what was expected; who catches it adds the row.</summary>
internal sealed class InvalidValueException(string message) : ArgumentException(message);
