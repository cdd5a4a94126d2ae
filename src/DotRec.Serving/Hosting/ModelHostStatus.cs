namespace DotRec.Serving;

/// <summary>What a <see cref="ModelHost"/> serves, and why it does not serve something newer.</summary>
/// <param name="Version">The version that answers: the name of its folder; null when there is none yet.</param>
/// <param name="Since">When it went into service.</param>
/// <param name="Problem">Why the version that should answer does not; null when it does. The host looks again when its folder changes.</param>
public sealed record ModelHostStatus(string? Version, DateTimeOffset? Since, string? Problem);
