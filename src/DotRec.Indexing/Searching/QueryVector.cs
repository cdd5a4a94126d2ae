namespace DotRec.Indexing;

/// <summary>A query's vector in the forms that the stages of a search need. Reused from query to query.</summary>
internal sealed unsafe class QueryVector
{
    private PinnedBuffer<float> _own;
    private PinnedBuffer<float> _coded;
    private int _dimension;
    private double _unit;
    private double _origin;
    private ScoreFunction _scoreFunction;

    /// <summary>[D]: what rows are scored with; of length 1 for cosines.</summary>
    public ReadOnlySpan<float> Own => _own.Span(_dimension);

    /// <summary>What projected rows are scored with, where there are any.</summary>
    public RefiningQuery Refining { get; } = new();

    /// <summary>Length of the vector as it was given.</summary>
    public float Length { get; private set; }

    /// <summary>
    /// What centroids and codewords are scored with, zero behind its width: of length 1, since the query's own length would only change the unit of
    /// approximate scores.
    /// </summary>
    public float* Coded => _coded.Pointer;

    /// <summary>A score in the unit of approximate scores, which it is an estimate of.</summary>
    public float ToApproximate(float score) => (float)((score * _unit) + _origin);

    /// <summary>
    /// How far approximate scores near a score may be off, in the same unit for all queries. What a code leaves out of an item is met by what the query
    /// and the item differ in where distances count, and about so for cosines: codes are chosen to lose little along the item itself.
    /// </summary>
    /// <param name="spread">How far the scores of the query's lookup tables spread.</param>
    /// <param name="score">The score.</param>
    public float ErrorUnit(float spread, float score) => Math.Max(float.Epsilon, _scoreFunction switch
    {
        ScoreFunction.NegatedSquaredL2 => spread * MathF.Sqrt(Math.Max(0, -score)),
        ScoreFunction.Cosine => spread * MathF.Sqrt(Math.Max(0, 2 - (2 * score))),
        _ => spread,
    });

    /// <summary>Takes a vector in.</summary>
    /// <param name="snapshot">What will be searched.</param>
    /// <param name="vector">[D].</param>
    /// <param name="number">Its number in the batch, or −1, for messages.</param>
    /// <exception cref="ArgumentException">The vector holds NaN or infinity or is too long.</exception>
    public void Set(ScannSnapshot snapshot, ReadOnlySpan<float> vector, int number)
    {
        var squaredLength = EmbeddingLength.SquaredOfQuery(vector);
        EmbeddingLength.Check(vector, squaredLength, "Query", number, "query");
        _dimension = vector.Length;
        _scoreFunction = snapshot.ScoreFunction;
        Length = (float)Math.Sqrt(squaredLength);
        _own.Reserve(vector.Length);
        var own = _own.Span(vector.Length);
        vector.CopyTo(own);
        if (snapshot.ScoreFunction == ScoreFunction.Cosine)
        {
            EmbeddingLength.Scale(own, EmbeddingLength.Inverse(squaredLength));
        }

        var codedLength = snapshot.Codes.Subspaces * snapshot.Tables.Width;
        _coded.Reserve(codedLength);
        var coded = _coded.Span(codedLength);
        (_unit, _origin) = snapshot.Form.OfQuery(vector, squaredLength, coded);
        if (snapshot.Refining is { } refining)
        {
            Refining.Begin(coded[..snapshot.Form.Dimension], refining.Dimension);
        }
    }
}
