using DotRec.Kernels;

namespace DotRec.Autodiff.Tests.Laws;

/// <summary>The inputs of one run of a case: tensors, and indices or a mask for operations that take them.</summary>
internal sealed class CaseInputs
{
    /// <summary>Rows of the tables that <see cref="Ids"/> and <see cref="Lists"/> index.</summary>
    public const int TableRows = 5;

    /// <summary>Columns of <see cref="Choice"/>.</summary>
    public const int ChoiceWidth = 3;

    private CaseInputs(int batch, Tensor[] tensors)
    {
        Batch = batch;
        Tensors = tensors;
    }

    public int Batch { get; }

    public Tensor[] Tensors { get; }

    public Tensor this[int index] => Tensors[index];

    /// <summary>One id a row, with repeats.</summary>
    public Indices Ids => field ??= new Indices(Enumerable.Range(0, Batch).Select(row => ((row * 7) + 3) % TableRows).ToArray());

    /// <summary>Lists of 1, 2, 3, 0, 1, … ids a row.</summary>
    public Indices Lists => field ??= MakeLists();

    /// <summary>A mask of shape [batch, 3].</summary>
    public Mask Choice => field ??= Mask.From([.. Enumerable.Range(0, Batch * ChoiceWidth).Select(i => i * 5 % 3 == 0)], Batch, ChoiceWidth);

    /// <summary>Random values for the shapes of a case; constants where the case says so.</summary>
    public static CaseInputs Draw(OperationCase @case, int batch, ulong seed, bool requiresGradient)
    {
        var random = new SeededRandom(seed);
        var shapes = @case.Shapes(batch);
        var tensors = new Tensor[shapes.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            var values = new float[shapes[i].Aggregate(1, (x, y) => x * y)];
            var stream = random.Stream((ulong)i);
            for (var j = 0; j < values.Length; j++)
            {
                // Away from 0, where relu and others have a kink that finite differences would straddle.
                do
                {
                    values[j] = @case.Low + ((@case.High - @case.Low) * stream.NextSingle());
                }
                while (MathF.Abs(values[j]) < 0.02f);
            }

            tensors[i] = @case.IsData(i) ? Tensor.From(values, shapes[i]) : Tensor.Constant(values, shapes[i]);
            tensors[i].RequiresGradient = requiresGradient;
        }

        return new CaseInputs(batch, tensors);
    }

    /// <summary>The same inputs, each the result of an operation: those may share gradient memory with what is computed from them.</summary>
    public CaseInputs AsResults() => new(Batch, Array.ConvertAll(Tensors, tensor => tensor.Reshape(tensor.Shape)));

    public NdArray[] AsDouble() => Array.ConvertAll(Tensors, tensor => NdArray.Of(tensor.Values, tensor.Shape));

    private Indices MakeLists()
    {
        var ids = new List<int>();
        var offsets = new List<int> { 0 };
        for (var row = 0; row < Batch; row++)
        {
            for (var i = 0; i < (row + 1) % 4; i++)
            {
                ids.Add(((row * 3) + (i * 2)) % TableRows);
            }

            offsets.Add(ids.Count);
        }

        return new Indices(ids.ToArray(), offsets.ToArray());
    }
}
