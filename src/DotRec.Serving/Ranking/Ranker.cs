using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>
/// A ranking model served alone: rows of raw features in, a score each out. Made from an exported model, saved as a bundle and loaded
/// anywhere without training code. To rank what an index retrieves, give the model to <see cref="RecommenderOptions"/> instead.
/// </summary>
/// <remarks>
/// Every member may be called from any number of threads at the same time, with the same answers. Disposing waits for nobody: calls in flight
/// end normally, later ones throw <see cref="ObjectDisposedException"/>. Activities and instruments carry the name "DotRec.Serving".
/// </remarks>
public sealed class Ranker : IDisposable
{
    // Rows a model call: large enough to hide the call, small enough to stay in cache.
    private const int BlockRows = 1024;

    private readonly StoredModel _stored;
    private readonly ServedModel _model;
    private readonly Lifetime _lifetime;

    /// <summary>Makes a ranker of a model.</summary>
    /// <param name="model">Raw features in, one Float output "score" of shape [batch, 1] or [batch].</param>
    /// <param name="options">What to keep with the model.</param>
    /// <exception cref="ArgumentException">The model is no such model, or an extra file has a name that cannot be.</exception>
    public Ranker(OnnxModel model, RankerOptions? options = null)
        : this(StoredModel.InMemory(model ?? throw new ArgumentNullException(nameof(model))), model, options ?? new RankerOptions())
    {
    }

    internal Ranker(StoredModel stored, OnnxModel model, RankerOptions options)
    {
        Serving.ExtraFiles.Check(options.ExtraFiles);
        _stored = stored;
        Options = options;
        _model = ServedModel.OfRanker(model);
        _lifetime = new Lifetime(nameof(Ranker), _model.Dispose);
    }

    /// <summary>The raw features a row must have.</summary>
    public IReadOnlyList<QueryFeature> Features => _model.Signature.Features;

    /// <summary>Label, meaning of the score, metrics, facts and extra files.</summary>
    public RankerOptions Options { get; }

    /// <summary>The score of one row; warm, a few microseconds.</summary>
    /// <param name="row">The raw features: an object with a property for each, such as <c>new { user_id = "42", price = 9.5f }</c>, or a dictionary by name.</param>
    /// <exception cref="InvalidQueryException">A feature is missing, unknown, null or of another type, or the score is not finite.</exception>
    public float Predict(object row) => Measure(row, static (self, row, request) =>
    {
        var score = self._model.First(row);
        request.Answered(1, 0);
        return score;
    });

    /// <summary>The scores of many rows, in order.</summary>
    /// <param name="rows">Raw features, an object or dictionary each; read once.</param>
    /// <exception cref="InvalidQueryException">A row is not what the model reads; the message gives its position.</exception>
    public float[] Predict(IEnumerable<object> rows) => Measure(rows, static (self, rows, request) =>
    {
        ArgumentNullException.ThrowIfNull(rows);
        var scores = new List<float>();
        var call = self._model.Rent();
        try
        {
            foreach (var row in rows)
            {
                self._model.Reader.Add(row, call.Features, scores.Count + call.RowCount);
                if (call.RowCount == BlockRows)
                {
                    Run(call, scores);
                }
            }

            if (call.RowCount > 0)
            {
                Run(call, scores);
            }
        }
        finally
        {
            self._model.Return(call);
        }

        request.Answered(scores.Count, 0);
        return scores.ToArray();
    });

    /// <summary>The scores of many rows given as columns, in order.</summary>
    /// <param name="columns">An array a feature, all of one length: string[], long[] or float[]; for list features an array of arrays.</param>
    /// <exception cref="InvalidQueryException">A column is missing, unknown, of another type or of another length.</exception>
    public float[] Predict(IReadOnlyDictionary<string, Array> columns) => Measure(columns, static (self, columns, request) =>
    {
        var rows = self._model.Reader.CheckColumns(columns);
        var scores = new List<float>(rows);
        var call = self._model.Rent();
        try
        {
            while (scores.Count < rows)
            {
                self._model.Reader.AddColumns(columns, scores.Count, Math.Min(BlockRows, rows - scores.Count), call.Features);
                Run(call, scores);
            }
        }
        finally
        {
            self._model.Return(call);
        }

        request.Answered(rows, 0);
        return scores.ToArray();
    });

    /// <summary>
    /// Writes the ranker as a bundle. A crash at any moment leaves the old bundle of that name or the new one, never a mixture; processes
    /// that have loaded the old one keep it.
    /// </summary>
    /// <param name="directory">The bundle's own directory, for example <c>models/clicks/1</c>.</param>
    /// <exception cref="IOException">The directory holds something else, another save to it is running, or the disk fails.</exception>
    public void Save(string directory)
    {
        using var use = _lifetime.Enter();
        RankerBundle.Save(_stored, Options, directory, BundleStorage.Disk);
    }

    /// <summary>Loads a bundle that <see cref="Save"/> wrote.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="verification">Whether to check hashes or lengths only.</param>
    /// <exception cref="BundleException">There is no bundle, it is a recommender's, or it is damaged, incomplete or of a newer format. The message names the file and what to do.</exception>
    public static Ranker Load(string directory, BundleVerification verification = BundleVerification.Hashes) => RankerBundle.Load(directory, verification);

    /// <summary>Closes the model once the calls in flight have ended.</summary>
    public void Dispose() => _lifetime.Close();

    private static void Run(ModelCall call, List<float> scores)
    {
        call.Run();
        scores.AddRange(call.Output);
        call.Clear();
    }

    private TAnswer Measure<TArguments, TAnswer>(TArguments arguments, ServingTelemetry.Operation<Ranker, TArguments, TAnswer> operation)
    {
        using var use = _lifetime.Enter();
        return ServingTelemetry.Measure("predict", this, arguments, operation);
    }
}
