namespace DotRec.Indexing;

/// <summary>
/// What an earlier build of nearly the same items hands to the next: k-means begins where it ended and needs two or three rounds. Used as far
/// as it fits; another width or partition count means a cold start.
/// </summary>
/// <param name="Dimension">Coded width D.</param>
/// <param name="Centroids">[P, D].</param>
/// <param name="Codebook">[M, 16, 2].</param>
internal sealed record WarmStart(int Dimension, float[] Centroids, float[] Codebook);
