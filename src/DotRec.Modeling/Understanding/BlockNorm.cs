namespace DotRec.Modeling;

/// <summary>How the weights between two fields are summed up in one number.</summary>
public enum BlockNorm
{
    /// <summary>√Σw², as in DCN-V2's figures: how much the pair weighs as a whole. Of equal weights, wider fields have greater norms.</summary>
    Frobenius,

    /// <summary>The Frobenius norm over √(width · width): the size of a single weight, for comparing fields of different widths.</summary>
    RootMeanSquare,
}
