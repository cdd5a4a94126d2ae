using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The retrieval task of TensorFlow Recommenders: every query shall score its own candidate above the other candidates of the batch
/// (sampled softmax cross-entropy).
/// </summary>
/// <remarks>
/// In this order: scores q·c (for queries of several vectors the greatest of them); divided by <see cref="Temperature"/>; minus log p of the
/// candidate; accidental hits left out; masked cells left out; the hardest negatives kept; cross-entropy, weighted and reduced. The defaults
/// are TFRS' where embeddings alone are given (no correction, sum), so its numbers reproduce; given the batch, the task makes the corrections TFRS leaves off.
/// </remarks>
public sealed class Retrieval
{
    /// <summary>Makes the task.</summary>
    /// <param name="metrics">The items to rank when a model is evaluated; null when it is not evaluated on ranks.</param>
    public Retrieval(FactorizedTopK? metrics = null) => Metrics = metrics;

    /// <summary>How a model is evaluated, or null.</summary>
    public FactorizedTopK? Metrics { get; }

    /// <summary>Scores are divided by this. 1 by default; well below 1 (0.05 to 0.2) for normalised embeddings.</summary>
    public double Temperature
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The temperature must be positive and finite.");
    } = 1;

    /// <summary>
    /// True: candidates with the id of a row's positive are no negatives of that row. Null (the default): true where the task is given the batch, and so
    /// knows the ids; false where it is given embeddings alone, as in TFRS.
    /// </summary>
    public bool? RemoveAccidentalHits { get; init; }

    /// <summary>
    /// Whether scores are corrected for the probability with which candidates come into a batch (logQ). Null (the default): true where the task is given the
    /// batch, which knows how often items come in the training data; where it is given embeddings, if <see cref="RetrievalInputs.SamplingProbability"/> is given.
    /// </summary>
    public bool? CorrectSampling { get; init; }

    /// <summary>How many of the highest-scoring negatives of a row count; null (the default) for all. At least 1.</summary>
    public int? HardNegatives
    {
        get;
        init => field = value is null ? null : new HardNegativeMining(value.Value).Count;
    }

    /// <summary>Sum (the default, as in TFRS) or mean over the batch.</summary>
    public LossReduction Reduction { get; init; }

    /// <summary>The loss of a batch.</summary>
    /// <param name="queries">Shape [Q, D], or [Q, H, D] for queries of H vectors each.</param>
    /// <param name="candidates">Shape [C, D], C ≥ Q: candidate i is the positive of query i, candidates from Q on are extra negatives for all.</param>
    /// <param name="inputs">Weights, probabilities, ids, mask.</param>
    /// <returns>The loss of Q examples, a sum or a mean as <see cref="Reduction"/> says.</returns>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit together; ids are missing though accidental hits are to be removed; a probability is not above 0 and at most 1; a
    /// weight is negative; the mask leaves out a positive.
    /// </exception>
    public Loss ComputeLoss(Tensor queries, Tensor candidates, RetrievalInputs? inputs = null) =>
        ComputeLoss(queries, candidates, inputs, RemoveAccidentalHits ?? false);

    /// <summary>
    /// The loss of a batch whose rows are a query and its item, with everything the batch knows: corrected for how often items come in the training data,
    /// accidental hits left out, weights read, and each different item embedded and scored once. What <see cref="TwoTowerModel"/> minimises.
    /// </summary>
    /// <remarks>
    /// Items are embedded once, with the same loss and gradients, where that is possible: all that the tower reads depends on the item's id alone, the
    /// tower has no dropout, queries have one vector and no <see cref="HardNegatives"/> are chosen.
    /// </remarks>
    /// <param name="batch">The rows.</param>
    /// <param name="queries">Their embeddings, shape [B, D] or [B, H, D].</param>
    /// <param name="items">The tower that embeds their items.</param>
    /// <param name="itemIdColumn">Column that identifies an item. Null: that of <see cref="Metrics"/>, or else the only column the tower reads.</param>
    /// <param name="sampleWeightColumn">Float column with a weight for every row; null for equal weights.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, shapes do not fit together, or a weight is negative.</exception>
    /// <exception cref="InvalidOperationException">It is not told which column identifies an item.</exception>
    /// <example>
    /// <code>
    /// sealed class FilmModel : RecommenderModel
    /// {
    ///     private readonly Retrieval _task = new();
    ///     private readonly Tower _users, _films;
    ///
    ///     public FilmModel(FeatureBatch ratings)
    ///     {
    ///         _users = Use(new Tower(new StringLookup("user_id", ratings), new Embedding(32)), "users");
    ///         _films = Use(new Tower(new StringLookup("movie_title", ratings), new Embedding(32)), "films");
    ///     }
    ///
    ///     protected override Loss ComputeLoss(Batch batch) => _task.ComputeLoss(batch, _users.Forward(batch), _films);
    /// }
    /// </code>
    /// </example>
    public Loss ComputeLoss(Batch batch, Tensor queries, Tower items, string? itemIdColumn = null, string? sampleWeightColumn = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(items);
        var column = ItemIdColumn(items, itemIdColumn);
        var removeHits = RemoveAccidentalHits ?? true;
        if (queries.Rank != 2 || HardNegatives is not null || (items.IsRandom && batch.Context.IsTraining) || !batch.Data.ItemsDecide(column, items.Preprocessing))
        {
            return ComputeLoss(queries, items.Forward(batch), RetrievalInputs.Of(batch, column, sampleWeightColumn), removeHits);
        }

        var known = batch.Data.Items(column);
        var unique = UniqueCandidates.Of(Array.ConvertAll(batch.Rows.ToArray(), row => known.Codes[row]), known.Scratch);
        var uniqueItems = batch.Select(unique.FirstRows, unique.Counts);
        float[] probabilities = CorrectSampling ?? true ? uniqueItems.ProbabilitiesOf(column) : [];
        return ComputeUniqueLoss(queries, items.Forward(uniqueItems), unique, batch.WeightsOf(sampleWeightColumn), probabilities, removeHits);
    }

    /// <summary>
    /// The scores of a batch after everything but the cross-entropy. It needs memory for [Q, C] scores, which
    /// <see cref="ComputeLoss(Tensor, Tensor, RetrievalInputs?)"/> mostly does without.
    /// </summary>
    /// <inheritdoc cref="ComputeLoss(Tensor, Tensor, RetrievalInputs?)"/>
    public CandidateLogits ComputeLogits(Tensor queries, Tensor candidates, RetrievalInputs? inputs = null)
    {
        var removeHits = RemoveAccidentalHits ?? false;
        return Process(queries, candidates, Checked(queries, candidates, inputs, removeHits), removeHits);
    }

    /// <summary>The loss of a batch whose repeated items are embedded once.</summary>
    internal Loss ComputeUniqueLoss(
        Tensor queries, Tensor uniqueCandidates, UniqueCandidates unique, ReadOnlyMemory<float> weights, ReadOnlyMemory<float> probabilities, bool removeAccidentalHits)
    {
        CheckShapes(queries, uniqueCandidates);
        SampleWeights.Check(weights.Span, queries.Shape[0], "queries");
        return Reduce(
            FusedRetrievalLoss.Compute(queries, uniqueCandidates, unique, weights, probabilities, (float)Temperature, removeAccidentalHits),
            queries.Shape[0]);
    }

    /// <summary>The column that identifies an item.</summary>
    /// <exception cref="InvalidOperationException">It was not named and cannot be guessed.</exception>
    internal string ItemIdColumn(Tower items, string? named)
    {
        if ((named ?? Metrics?.NamedIdColumn) is { } column)
        {
            return column;
        }

        var inputs = items.Inputs;
        return inputs.Count == 1 ? inputs[0].Name : throw new InvalidOperationException(
            $"The item tower reads {string.Join(", ", inputs)}; say which column identifies an item: new TwoTowerModel(…) {{ ItemIdColumn = … }}, or the argument itemIdColumn of the task.");
    }

    private Loss ComputeLoss(Tensor queries, Tensor candidates, RetrievalInputs? inputs, bool removeHits)
    {
        inputs = Checked(queries, candidates, inputs, removeHits);
        var loss = queries.Rank == 2 && HardNegatives is null && inputs.ScoreMask.IsEmpty
            ? FusedRetrievalLoss.Compute(queries, candidates, inputs, (float)Temperature, removeHits)
            : SoftmaxCrossEntropy.Compute(Process(queries, candidates, inputs, removeHits), inputs.SampleWeight);
        return Reduce(loss, queries.Shape[0]);
    }

    private RetrievalInputs Checked(Tensor queries, Tensor candidates, RetrievalInputs? inputs, bool needsIds)
    {
        CheckShapes(queries, candidates);
        if (candidates.Shape[0] < queries.Shape[0])
        {
            throw new ArgumentException(
                $"There are {queries.Shape[0]} queries but only {candidates.Shape[0]} candidates; the positive of query i is candidate i, so at least as many are needed.");
        }

        inputs ??= new RetrievalInputs();
        SampleWeights.Check(inputs.SampleWeight.Span, queries.Shape[0], "queries");
        if (CorrectSampling == false)
        {
            inputs = inputs with { SamplingProbability = default };
        }
        else if (!inputs.SamplingProbability.IsEmpty)
        {
            SamplingProbabilityCorrection.Check(inputs.SamplingProbability.Span, candidates.Shape[0], smallest: float.Epsilon);
        }
        else if (CorrectSampling == true)
        {
            throw new ArgumentException("The sampling correction needs the candidates' probabilities. Set RetrievalInputs.SamplingProbability, or give the task the batch.");
        }

        if (needsIds)
        {
            Modeling.RemoveAccidentalHits.Check(
                inputs.CandidateIds ?? throw new ArgumentException("Removing accidental hits needs the candidates' ids. Set RetrievalInputs.CandidateIds."),
                candidates.Shape[0]);
        }

        return inputs;
    }

    private static void CheckShapes(Tensor queries, Tensor candidates)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(candidates);
        if (queries.Rank is not (2 or 3) || candidates.Rank != 2 || queries.Shape[^1] != candidates.Shape[1])
        {
            throw new ArgumentException($"Queries have shape [Q, D] or [Q, H, D] and candidates [C, D] with the same D; given are {queries} and {candidates}.");
        }
    }

    private CandidateLogits Process(Tensor queries, Tensor candidates, RetrievalInputs inputs, bool removeHits)
    {
        var scores = Score(queries, candidates);
        var logits = new CandidateLogits(Temperature == 1 ? scores : scores * (float)(1 / Temperature));
        if (!inputs.SamplingProbability.IsEmpty)
        {
            logits = SamplingProbabilityCorrection.Apply(logits, inputs.SamplingProbability.Span);
        }

        if (removeHits)
        {
            logits = Modeling.RemoveAccidentalHits.Apply(logits, inputs.CandidateIds!);
        }

        if (!inputs.ScoreMask.IsEmpty)
        {
            logits = ScoreMask.Apply(logits, inputs.ScoreMask.Span);
        }

        return HardNegatives is { } count ? new HardNegativeMining(count).Apply(logits) : logits;
    }

    // Queries of several vectors score by the best of them (ColBERT's MaxSim with one candidate vector).
    private static Tensor Score(Tensor queries, Tensor candidates)
    {
        if (queries.Rank == 2)
        {
            return queries.MatMul(candidates, transposeRight: true);
        }

        var (count, vectors, width) = (queries.Shape[0], queries.Shape[1], queries.Shape[2]);
        return queries.Reshape(count * vectors, width).MatMul(candidates, transposeRight: true).Reshape(count, vectors, candidates.Shape[0]).Max(1);
    }

    private Loss Reduce(Tensor sum, int queryCount) => Reduction == LossReduction.Sum
        ? Loss.Sum(sum, queryCount)
        : Loss.Mean(sum * (1f / Math.Max(queryCount, 1)), queryCount);
}
