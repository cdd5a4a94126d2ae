using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DotRec.Serving;

/// <summary>The tables of a model as tensors over the memory they are in, shared by all calls. Nothing is copied.</summary>
internal sealed class ModelTables : IDisposable
{
    private readonly (string Input, OrtValue Tensor)[] _tensors;
    private readonly IReadOnlyList<ModelTable> _tables;

    public ModelTables(IReadOnlyList<ModelTable> tables) => (_tables, _tensors) = (tables, [.. tables.Select(table => (table.Input, Tensor(table)))]);

    public void Bind(OrtIoBinding binding)
    {
        foreach (var (input, tensor) in _tensors)
        {
            binding.BindInput(input, tensor);
        }
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in _tensors)
        {
            tensor.Dispose();
        }

        foreach (var table in _tables.Where(table => table.IsMapped))
        {
            table.Mapped.Memory.Dispose();
        }
    }

    private static unsafe OrtValue Tensor(ModelTable table)
    {
        long[] shape = [table.RowCount, table.Width];
        return table.IsMapped
            ? OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)table.Mapped.Pointer(0, table.Mapped.Length), table.Mapped.ByteLength)
            : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, System.Runtime.InteropServices.MemoryMarshal.AsMemory(table.Values), shape);
    }
}
