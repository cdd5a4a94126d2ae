using System.Numerics;

namespace DotRec.Indexing;

/// <summary>
/// XXH64 (Yann Collet's specification, seed 0) of one integer's eight bytes: what is left of it for that length. Half the time of
/// <see cref="System.IO.Hashing.XxHash64"/>, which hashes everything else.
/// </summary>
internal static class IntegerHash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    /// <summary>The hash of an integer.</summary>
    public static ulong Of(long value)
    {
        unchecked
        {
            var hash = (Prime5 + sizeof(long)) ^ (BitOperations.RotateLeft((ulong)value * Prime2, 31) * Prime1);
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }
}
