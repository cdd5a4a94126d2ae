namespace DotRec.Indexing;

/// <summary>Where the items of a partition are, as it is in files.</summary>
/// <param name="FirstBlock">Number of its first block of 128 entries.</param>
/// <param name="FirstPosition">Position of its first item; its items have consecutive positions.</param>
/// <param name="Count">Entries: items, and spilled copies after them.</param>
/// <param name="ItemCount">Items among the entries.</param>
/// <param name="ScaleUnit">Largest scale of an entry, by magnitude: what 32,767 stands for.</param>
internal readonly record struct PackedPartition(int FirstBlock, int FirstPosition, int Count, int ItemCount, float ScaleUnit);
