using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>One call of a model: the feature rows going in and the embeddings or scores coming out. Used by one thread at a time, then pooled.</summary>
internal sealed class ModelCall : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly ModelSignature _signature;
    private readonly ModelOutputs _single;
    private readonly OrtValue[] _boundInputs = [];
    private readonly OrtIoBinding? _binding;
    private ModelOutputs _outputs;

    public ModelCall(InferenceSession session, RunOptions runOptions, ModelSignature signature)
    {
        _session = session;
        _runOptions = runOptions;
        _signature = signature;
        Features = [.. signature.Features.Select(FeatureBuffer.Create)];
        _outputs = _single = new ModelOutputs(signature, rows: 1);
        if (!signature.Features.Any(feature => feature.IsList))
        {
            _boundInputs = [.. Features.Select(feature => feature.CreateSingle())];
            _binding = session.CreateIoBinding();
            Bind(_binding);
        }
    }

    /// <summary>Buffers in the order of the model's features.</summary>
    public FeatureBuffer[] Features { get; }

    /// <summary>Rows added since <see cref="Clear"/>.</summary>
    public int RowCount => Features[0].RowCount;

    /// <summary>Embeddings or scores of the last run, shape [rows, <see cref="ModelSignature.Width"/>].</summary>
    public ReadOnlySpan<float> Output => _outputs.Values;

    public void Clear()
    {
        _outputs = _single;
        foreach (var feature in Features)
        {
            feature.Clear();
        }
    }

    /// <summary>Whether the value of the i-th of <see cref="ModelSignature.KnownFeatures"/> is in the model's vocabulary, for a row of the last run.</summary>
    public bool IsKnown(int i, int row) => _outputs.Known[i][row];

    /// <summary>Computes the output of the rows added since <see cref="Clear"/>; at least one.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime reports a failure.</exception>
    /// <exception cref="InvalidQueryException">An output is not finite: a number was, or grew, out of range.</exception>
    public void Run()
    {
        try
        {
            if (RowCount == 1 && _binding is not null)
            {
                RunBound(_binding);
            }
            else
            {
                RunRows();
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidOperationException($"The {_signature.Name} failed on {RowCount} rows: {exception.Message}", exception);
        }

        CheckFinite();
    }

    public void Dispose()
    {
        _binding?.Dispose();
        Array.ForEach(_boundInputs, input => input.Dispose());
        _single.Dispose();
    }

    private void Bind(OrtIoBinding binding)
    {
        for (var i = 0; i < Features.Length; i++)
        {
            binding.BindInput(Features[i].Feature.Name, _boundInputs[i]);
        }

        for (var i = 0; i < _single.Tensors.Length; i++)
        {
            binding.BindOutput(_signature.OutputNames[i], _single.Tensors[i]);
        }
    }

    private void CheckFinite()
    {
        var output = Output;
        for (var i = 0; i < output.Length; i++)
        {
            if (!float.IsFinite(output[i]))
            {
                var row = i / _signature.Width;
                throw new InvalidQueryException(FormattableString.Invariant(
                    $"The {_signature.Name} gives {_signature.OutputNoun} {output[i]} for {string.Join(", ", Features.Select(feature => feature.Describe(row)))}. Pass finite numbers of the range of the training data."));
            }
        }
    }

    private void RunBound(OrtIoBinding binding)
    {
        for (var i = 0; i < Features.Length; i++)
        {
            Features[i].Refill(_boundInputs[i]);
        }

        _session.RunWithBinding(_runOptions, binding);
    }

    private void RunRows()
    {
        var inputs = new List<OrtValue>(_signature.InputNames.Count);
        try
        {
            foreach (var feature in Features)
            {
                feature.CreateTensors(inputs);
            }

            if (RowCount != 1)
            {
                _outputs = new ModelOutputs(_signature, RowCount);
            }

            _session.Run(_runOptions, _signature.InputNames, inputs, _signature.OutputNames, _outputs.Tensors);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
            if (_outputs != _single)
            {
                _outputs.Dispose();
            }
        }
    }
}
