namespace DotRec.Kernels;

/// <summary>Dimensions a code covers, as a constant to the compiler.</summary>
internal interface IBlockWidth
{
    static abstract int Value { get; }
}

/// <summary>Two dimensions a code.</summary>
internal readonly struct BlockOfTwo : IBlockWidth
{
    public static int Value => 2;
}

/// <summary>Three dimensions a code.</summary>
internal readonly struct BlockOfThree : IBlockWidth
{
    public static int Value => 3;
}

/// <summary>Four dimensions a code.</summary>
internal readonly struct BlockOfFour : IBlockWidth
{
    public static int Value => 4;
}
