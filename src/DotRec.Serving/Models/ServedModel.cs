using System.Collections.Concurrent;
using System.Globalization;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>
/// A tower or a ranker as an ONNX Runtime session: raw features in, embeddings or scores out. Safe for any number of threads; buffers,
/// tensors and bindings are pooled, so a warm single row of plain features allocates nothing here.
/// </summary>
/// <remarks>
/// One intra-op thread and sequential execution: a query is microseconds of work, and the caller's threads are the parallelism. The memory
/// pattern is off because it remembers one plan a batch size. Bound tensors (1.3 µs a query) beat passing values to Run (1.9 µs, 352 bytes)
/// and fresh tensors (2.9 µs, 584 bytes) on a lookup and gather of 32 floats.
/// </remarks>
internal sealed class ServedModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly ConcurrentBag<ModelCall> _idle = [];
    private readonly ModelParts _parts;
    private readonly ModelTables _tables;

    public ServedModel(StoredModel model, ModelSignature signature)
    {
        Signature = signature;
        _parts = model.Open();
        Reader = new QueryReader(signature, _parts.Vocabularies.Select(vocabulary => vocabulary.Feature).Where(feature => !_parts.Kept.Contains(feature, StringComparer.Ordinal)).Concat(signature.AddedFeatures).ToHashSet(StringComparer.Ordinal));
        _session = Open(_parts, signature.Name);
        _tables = new ModelTables(_parts.Tables);
        try
        {
            CheckAgainstSession();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="ModelSignature.OfTower"/>
    public static ServedModel OfTower(StoredModel model, string row) => new(model, ModelSignature.OfTower(model, row));

    public ModelSignature Signature { get; }

    public QueryReader Reader { get; }

    /// <summary>An empty call; give it back with <see cref="Return"/> when its outputs are no longer needed.</summary>
    public ModelCall Rent()
    {
        if (!_idle.TryTake(out var call))
        {
            return NewCall([.. Signature.Features.Select(ColumnBuffer.Create)]);
        }

        call.Clear();
        return call;
    }

    /// <summary>A call over buffers of the caller, who disposes it.</summary>
    /// <param name="features">A buffer for each feature that the model reads, in order; others may follow.</param>
    public ModelCall NewCall(ColumnBuffer[] features) => new(_session, _runOptions, Signature, _parts, _tables, features);

    /// <summary>The embedding of one row, shape [D].</summary>
    public float[] Embed<TRow>(TRow features)
    {
        var call = Rent();
        try
        {
            Reader.Add(features, call.Features);
            call.Run();
            return call.Output.ToArray();
        }
        finally
        {
            Return(call);
        }
    }

    /// <summary>The first number the model gives for one row: the score of a ranker.</summary>
    public float First<TRow>(TRow features)
    {
        var call = Rent();
        try
        {
            Reader.Add(features, call.Features);
            call.Run();
            return call.Output[0];
        }
        finally
        {
            Return(call);
        }
    }

    /// <summary>The embeddings of rows given as columns, shape [rows, D].</summary>
    /// <param name="rows">A column a feature.</param>
    /// <param name="heard">Sees each block of rows after its run, in order; null for nobody.</param>
    public float[] EmbedAll(FeatureBatch rows, Action<ModelCall>? heard = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var call = Rent();
        try
        {
            return EmbedAll(rows, call, call, heard);
        }
        finally
        {
            Return(call);
        }
    }

    /// <summary>The embeddings of rows given as columns, by a call that runs the model.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="call">Takes features and runs.</param>
    /// <param name="model">Has the outputs of the run.</param>
    /// <param name="heard">Sees each block of rows after its run, in order; null for nobody.</param>
    public float[] EmbedAll(FeatureBatch rows, QueryCall call, ModelCall model, Action<ModelCall>? heard = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var embeddings = new float[checked(rows.RowCount * Signature.Width)];
        var embedded = 0;
        foreach (var add in Reader.Blocks(rows))
        {
            call.Clear();
            add(call);
            call.Run();
            model.Output.CopyTo(embeddings.AsSpan(embedded));
            embedded += model.Output.Length;
            heard?.Invoke(model);
        }

        return embeddings;
    }

    public void Return(ModelCall call) => _idle.Add(call);

    /// <summary>Frees the session. No call may be in flight: see <see cref="Lifetime"/>.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var call))
        {
            call.Dispose();
        }

        _session.Dispose();
        _tables.Dispose();
        _runOptions.Dispose();
    }

    private static InferenceSession Open(ModelParts model, string name)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // failures arrive as exceptions
        };
        try
        {
            var isWhole = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(model.Graph, out var bytes) && bytes.Array!.Length == bytes.Count;
            return new InferenceSession(isWhole ? bytes.Array : model.Graph.ToArray(), options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ArgumentException($"ONNX Runtime does not accept the {name}: {exception.Message}", nameof(model), exception);
        }
    }

    /// <summary>The description and the graph come from different hands: a bundle's files can be put together wrongly.</summary>
    private void CheckAgainstSession()
    {
        string[] besides = [.. _parts.Vocabularies.Select(vocabulary => vocabulary.Input), .. _parts.Tables.Select(table => table.Input)];
        var expected = _parts.Kept.Concat(besides).Order(StringComparer.Ordinal);
        var actual = _session.InputNames.Order(StringComparer.Ordinal);
        if (!expected.SequenceEqual(actual, StringComparer.Ordinal))
        {
            throw Differs($"inputs {string.Join(", ", expected)} but its graph has {string.Join(", ", actual)}");
        }

        foreach (var input in _parts.Inputs.Where(input => _parts.Kept.Contains(input.Name, StringComparer.Ordinal)))
        {
            Check("input", input, _session.InputMetadata[input.Name]);
        }

        foreach (var vocabulary in _parts.Vocabularies)
        {
            var feature = _parts.Inputs.FirstOrDefault(input => string.Equals(input.Name, vocabulary.Feature, StringComparison.Ordinal)) ?? throw Differs($"vocabulary of '{vocabulary.Feature}' but no such input");
            if (feature.Type != (vocabulary.Ids.Type == ItemIdType.String ? OnnxElementType.String : OnnxElementType.Int64))
            {
                throw Differs($"feature {feature.Name} as {feature.Type}, whose vocabulary holds {vocabulary.Ids.Type}");
            }

            Check("input", feature with { Name = vocabulary.Input, Type = OnnxElementType.Int64 }, _session.InputMetadata[vocabulary.Input]);
        }

        foreach (var table in _parts.Tables)
        {
            Check("input", new OnnxValueInfo(table.Input, OnnxElementType.Float, [Text(table.RowCount), Text(table.Width)]), _session.InputMetadata[table.Input]);
        }

        foreach (var output in _parts.Outputs.Where(output => Signature.OutputNames.Contains(output.Name, StringComparer.Ordinal)))
        {
            Check("output", output, _session.OutputMetadata.TryGetValue(output.Name, out var found) ? found
                : throw Differs($"output {output.Name} but its graph has {string.Join(", ", _session.OutputNames)}"));
        }

        static string Text(long size) => size.ToString(CultureInfo.InvariantCulture);
    }

    private void Check(string kind, OnnxValueInfo declared, NodeMetadata found)
    {
        // A size of −1 is one known at run time.
        var fits = string.Equals(found.ElementDataType.ToString(), declared.Type.ToString(), StringComparison.Ordinal)
            && found.Dimensions.Length == declared.Shape.Count
            && found.Dimensions.Zip(declared.Shape).All(axis => axis.First < 0 || !int.TryParse(axis.Second, CultureInfo.InvariantCulture, out var size) || size == axis.First);
        if (!fits)
        {
            throw Differs($"{kind} {declared.Name} as {declared.Type} [{string.Join(", ", declared.Shape)}] but its graph has {found.ElementDataType} [{string.Join(", ", found.Dimensions)}]");
        }
    }

    private ArgumentException Differs(string difference) =>
        new($"The {Signature.Name} declares the {difference}. Signature and bytes must come from one export.");
}
