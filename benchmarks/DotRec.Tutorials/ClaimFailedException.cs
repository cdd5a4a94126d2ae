namespace DotRec.Tutorials;

/// <summary>What a tutorial shows beside its numbers is not so.</summary>
internal sealed class ClaimFailedException(string message) : Exception(message);
