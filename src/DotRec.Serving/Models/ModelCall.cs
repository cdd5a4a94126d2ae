using DotRec.Data;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>
/// One call of a model: the feature rows going in and the embeddings or scores coming out. Used by one thread at a time, then pooled: a call
/// of as many rows as the one before finds its tensors made and bound.
/// </summary>
internal sealed class ModelCall : QueryCall
{
    // Of embeddings; with 2^20 of them the length is still what an index can score.
    private const float Largest = 1L << 50;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly ModelSignature _signature;
    private readonly OrtIoBinding _binding;
    private readonly ModelInput[] _inputs;
    private ModelOutputs? _outputs;

    /// <param name="session">The model.</param>
    /// <param name="runOptions">How it is run.</param>
    /// <param name="signature">What it reads and writes.</param>
    /// <param name="parts">What is beside it.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="features">Buffers of the features that the model reads, and of others behind them.</param>
    public ModelCall(InferenceSession session, RunOptions runOptions, ModelSignature signature, ModelParts parts, ModelTables tables, ColumnBuffer[] features)
        : base(features)
    {
        _session = session;
        _runOptions = runOptions;
        _signature = signature;
        _inputs = [.. signature.Features.Take(signature.InputFeatureCount).Select(feature => ModelInput.Create(feature, parts))];
        _binding = session.CreateIoBinding();
        tables.Bind(_binding);
    }

    /// <summary>Embeddings or scores of the last run, shape [rows, <see cref="ModelSignature.Width"/>].</summary>
    public ReadOnlySpan<float> Output => _outputs!.Values;

    /// <summary>Whether the value of the i-th of <see cref="ModelSignature.KnownFeatures"/> is in the model's vocabulary, for a row of the last run.</summary>
    public bool IsKnown(int i, int row) => _outputs!.Known[i][row];

    /// <summary>Computes the output of the rows added since <see cref="QueryCall.Clear"/>; at least one.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime reports a failure.</exception>
    /// <exception cref="InvalidQueryException">An output is not finite, or too large to be scored: a number was, or grew, out of range.</exception>
    public override void Run()
    {
        try
        {
            for (var i = 0; i < _inputs.Length; i++)
            {
                _inputs[i].Bind(_binding, Features[i]);
            }

            BindOutputs();
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidOperationException($"The {_signature.Name} failed on {RowCount} rows: {exception.Message}", exception);
        }

        CheckFinite();
    }

    public override void Dispose()
    {
        _binding.Dispose();
        Array.ForEach(_inputs, input => input.Dispose());
        _outputs?.Dispose();
    }

    private void BindOutputs()
    {
        if (_outputs?.RowCount == RowCount)
        {
            return;
        }

        var outputs = new ModelOutputs(_signature, RowCount);
        for (var i = 0; i < outputs.Tensors.Length; i++)
        {
            _binding.BindOutput(_signature.OutputNames[i], outputs.Tensors[i]);
        }

        _outputs?.Dispose();
        _outputs = outputs;
    }

    private void CheckFinite()
    {
        var output = Output;
        var largest = _signature.Width == 1 ? float.MaxValue : Largest;
        for (var i = 0; i < output.Length; i++)
        {
            if (!(MathF.Abs(output[i]) <= largest))
            {
                var row = i / _signature.Width;
                throw new InvalidQueryException(FormattableString.Invariant(
                    $"The {_signature.Name} gives {_signature.OutputNoun} {output[i]} for {string.Join(", ", Features.Select(feature => feature.Describe(row)))}. Pass finite numbers of the range of the training data."));
            }
        }
    }
}
