namespace DotRec.Pipelines;

/// <summary>What the trial of a candidate gave.</summary>
/// <typeparam name="T">What the caller goes on with, such as the settings that were best.</typeparam>
/// <param name="Result">What the caller goes on with.</param>
/// <param name="Settings">The settings, in words.</param>
/// <param name="Figures">The figure of each validation row; of all candidates the same rows in the same order.</param>
internal sealed record CandidateTrial<T>(T Result, string Settings, double[] Figures);
