using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>Arrays a model writes its outputs into, and the tensors over them in the order of <see cref="ModelSignature.OutputNames"/>.</summary>
internal sealed class ModelOutputs : IDisposable
{
    public ModelOutputs(ModelSignature signature, int rows)
    {
        Embeddings = new float[rows * signature.Dimension];
        Known = [.. signature.KnownFeatures.Select(_ => new bool[rows])];
        Tensors =
        [
            OrtValue.CreateTensorValueFromMemory(Embeddings, [rows, signature.Dimension]),
            .. Known.Select(known => OrtValue.CreateTensorValueFromMemory(known, [rows])),
        ];
    }

    /// <summary>Shape [rows, D].</summary>
    public float[] Embeddings { get; }

    /// <summary>For each of <see cref="ModelSignature.KnownFeatures"/>, shape [rows].</summary>
    public bool[][] Known { get; }

    public OrtValue[] Tensors { get; }

    /// <summary>Frees the tensors; the arrays stay readable.</summary>
    public void Dispose() => Array.ForEach(Tensors, tensor => tensor.Dispose());
}
