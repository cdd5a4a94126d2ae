namespace DotRec.Data;

/// <summary>A public data set: where it is, how to know it, and under which terms it comes. <see cref="MovieLens.Load"/> reads its zip file.</summary>
/// <param name="Name">Short name, as in commands: <c>ml-100k</c>.</param>
/// <param name="Title">Full name with its year.</param>
/// <param name="RatingCount">Number of ratings.</param>
/// <param name="UserCount">Number of users.</param>
/// <param name="MovieCount">Number of movies in its table of movies.</param>
/// <param name="Source">Address of its zip file.</param>
/// <param name="Length">Length of the zip file in bytes.</param>
/// <param name="Sha256">SHA-256 of the zip file, lower-case hexadecimal.</param>
/// <param name="Licence">The terms of use in a sentence.</param>
/// <param name="Homepage">Page that describes the set and states its terms in full.</param>
public sealed record Dataset(
    string Name, string Title, int RatingCount, int UserCount, int MovieCount, Uri Source, long Length, string Sha256, string Licence, Uri Homepage);
