using DotRec.Data;
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
    private readonly StoredModel _stored;
    private readonly ServedModel _model;
    private readonly Lifetime _lifetime;

    /// <summary>Makes a ranker of a model.</summary>
    /// <param name="model">Raw features in, one Float output "score" of shape [batch, 1] or [batch].</param>
    /// <param name="options">What to keep with the model.</param>
    /// <exception cref="ArgumentException">The model is no such model, or an extra file has a name that cannot be.</exception>
    public Ranker(OnnxModel model, RankerOptions? options = null)
        : this(StoredModel.InMemory(model ?? throw new ArgumentNullException(nameof(model)), "ranker"), options ?? new RankerOptions())
    {
    }

    internal Ranker(StoredModel stored, RankerOptions options)
    {
        Serving.ExtraFiles.Check(options.ExtraFiles);
        _stored = stored;
        Options = options;
        _model = new ServedModel(stored, ModelSignature.OfRanker(stored));
        _lifetime = new Lifetime(nameof(Ranker), _model.Dispose);
    }

    /// <summary>The raw features a row must have.</summary>
    public IReadOnlyList<ColumnSchema> Features => _model.Signature.Features;

    /// <summary>Label, meaning of the score, metrics, facts and extra files.</summary>
    public RankerOptions Options { get; }

    /// <summary>The score of one row; warm, a few microseconds.</summary>
    /// <param name="row">
    /// The raw features: an object with a property for each, such as <c>new { user_id = "42", price = 9.5f }</c>, a record of the training data perhaps, or
    /// a dictionary by name. Names are matched exactly or else without regard to case and underscores; properties that are no feature are left alone.
    /// </param>
    /// <exception cref="InvalidQueryException">A feature is missing or of another type, or the score is not finite.</exception>
    public float Predict<TRow>(TRow row)
    {
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("predict");
        try
        {
            var score = _model.First(row);
            request.Answered(1, 0);
            return score;
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
    }

    /// <summary>The scores of many rows, in order.</summary>
    /// <param name="rows">Raw features, an object or dictionary each; read once.</param>
    /// <exception cref="InvalidQueryException">A row is not what the model reads; the message gives its position.</exception>
    public float[] PredictBatch<TRow>(IEnumerable<TRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PredictBlocks(_model.Reader.Blocks(rows));
    }

    /// <summary>The scores of many rows given as columns, in order.</summary>
    /// <param name="rows">A column for each feature, found by name; other columns are left alone. Numbers may be of any type that fits.</param>
    /// <exception cref="InvalidQueryException">A column is missing or of another type.</exception>
    public float[] PredictBatch(FeatureBatch rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PredictBlocks(_model.Reader.Blocks(rows));
    }

    /// <summary>The model in one piece, vocabularies and tables inside, for runtimes of other languages: raw features in, a score out.</summary>
    /// <exception cref="InvalidOperationException">It is larger than 2 GiB, which is all that the format holds.</exception>
    public OnnxModel Export()
    {
        using var use = _lifetime.Enter();
        return _stored.Export();
    }

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
    /// <param name="verification">How much of the files is checked now.</param>
    /// <exception cref="BundleException">There is no bundle, it is a recommender's, or it is damaged, incomplete or of a newer format. The message names the file and what to do.</exception>
    public static Ranker Load(string directory, BundleVerification verification = BundleVerification.Automatic) => RankerBundle.Load(directory, verification);

    /// <summary>Closes the model once the calls in flight have ended.</summary>
    public void Dispose() => _lifetime.Close();

    private float[] PredictBlocks(IEnumerable<Action<QueryCall>> blocks)
    {
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("predict");
        var call = _model.Rent();
        try
        {
            var scores = new List<float>();
            foreach (var add in blocks)
            {
                call.Clear();
                add(call);
                call.Run();
                scores.AddRange(call.Output);
            }

            request.Answered(scores.Count, 0);
            return [.. scores];
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
        finally
        {
            _model.Return(call);
        }
    }
}
