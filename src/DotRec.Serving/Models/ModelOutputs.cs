using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>Arrays a model writes its outputs into, and the tensors over them in the order of <see cref="ModelSignature.OutputNames"/>.</summary>
internal sealed class ModelOutputs : IDisposable
{
    public ModelOutputs(ModelSignature signature, int rows)
    {
        RowCount = rows;
        Values = new float[rows * signature.Width];
        Known = [.. signature.KnownFeatures.Select(_ => new bool[rows])];
        Tensors =
        [
            OrtValue.CreateTensorValueFromMemory(Values, signature.IsVector ? [rows] : [rows, signature.Width]),
            .. Known.Select(known => OrtValue.CreateTensorValueFromMemory(known, [rows])),
        ];
    }

    public int RowCount { get; }

    /// <summary>Embeddings or scores, shape [rows, <see cref="ModelSignature.Width"/>].</summary>
    public float[] Values { get; }

    /// <summary>For each of <see cref="ModelSignature.KnownFeatures"/>, shape [rows].</summary>
    public bool[][] Known { get; }

    public OrtValue[] Tensors { get; }

    /// <summary>Frees the tensors; the arrays stay readable.</summary>
    public void Dispose() => Array.ForEach(Tensors, tensor => tensor.Dispose());
}
