namespace DotRec.Autodiff.Tests.Laws;

/// <summary>One operation on inputs of given shapes, with its meaning in double precision. Every law runs on every case.</summary>
/// <param name="Name">Shown by the test runner.</param>
/// <param name="Operation">The operation's type.</param>
/// <param name="Shapes">Input shapes for a batch size. An input whose first size follows the batch is data; another is part of the model.</param>
/// <param name="Apply">The operation under test.</param>
/// <param name="Oracle">The same in double precision.</param>
internal sealed record OperationCase(
    string Name, Type Operation, Func<int, int[][]> Shapes, Func<CaseInputs, Tensor> Apply, Func<CaseInputs, NdArray[], NdArray> Oracle)
{
    /// <summary>Smallest input value.</summary>
    public float Low { get; init; } = -2;

    /// <summary>Largest input value.</summary>
    public float High { get; init; } = 2;

    /// <summary>False if the operation has no ONNX form.</summary>
    public bool HasOnnxForm { get; init; } = true;

    /// <summary>False if no gradient flows.</summary>
    public bool HasGradient { get; init; } = true;

    public bool IsData(int input) => Shapes(2)[input] is [var two, ..] && Shapes(3)[input] is [var three, ..] && two != three;

    public override string ToString() => Name;
}
