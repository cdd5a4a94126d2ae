namespace DotRec.Modeling;

/// <summary>
/// A ranking task of a <see cref="MultiTaskModel"/>: layers that make a score of a query's and an item's embedding side by side, trained to predict a label
/// column, such as a rating or whether something was clicked.
/// </summary>
public sealed class RankingHead
{
    private bool _isTaken;

    /// <summary>Makes the head.</summary>
    /// <param name="name">Name in reports and in the names of parameters, for example "rating".</param>
    /// <param name="labelColumn">Column with the label of each row, as <see cref="RankingModel.LabelColumn"/>.</param>
    /// <param name="task">A loss of examples; cross-entropy of logits when null.</param>
    /// <param name="layers">From the embeddings side by side, shape [B, 2D], to a score, shape [B, 1]; dense layers of 256, 128 and 1 units, as in TFRS' tutorial, when null.</param>
    /// <exception cref="ArgumentException">A name is empty, taken by the model itself, or the loss is one of lists.</exception>
    public RankingHead(string name, string labelColumn, Ranking? task = null, TensorLayer? layers = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(labelColumn);
        if (name is MultiTaskModel.QueryName or MultiTaskModel.ItemName or MultiTaskModel.RetrievalName or MultiTaskModel.PopularityName)
        {
            throw new ArgumentException($"'{name}' is what the model calls a part of its own; give the head another name.", nameof(name));
        }

        Name = name;
        LabelColumn = labelColumn;
        Task = task ?? new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits);
        if (Task.ListLoss is not null)
        {
            throw new ArgumentException($"{Task.LossName} compares the rows of a list; a head takes a loss of examples, such as PointwiseLoss.SquaredError.", nameof(task));
        }

        Layers = layers ?? new Mlp([256, 128, 1]);
        Scores = new LabelScores(Task, labelColumn);
    }

    /// <summary>Name in reports: its loss is "name.loss", its metrics are "name.rmse" and so on.</summary>
    public string Name { get; }

    /// <summary>Column with the label of each row.</summary>
    public string LabelColumn { get; }

    /// <summary>The loss.</summary>
    public Ranking Task { get; }

    /// <summary>What makes a score of the embeddings.</summary>
    public TensorLayer Layers { get; }

    /// <summary>
    /// What the mean loss of an example counts beside those of the other tasks, 0 or more; 1 by default. 0 leaves the task untrained, but measured.
    /// </summary>
    public double Weight
    {
        get;
        init => field = MultiTaskModel.CheckedWeight(value, nameof(Weight));
    } = 1;

    /// <summary>Float column with a weight for every row, in the loss and in the metrics of this head: 0 for rows without a label. Null for equal weights.</summary>
    public string? SampleWeightColumn
    {
        get => Scores.WeightColumn;
        init => Scores.WeightColumn = value;
    }

    /// <summary>What scores are multiplied by and added to, as <see cref="RankingModel.LabelScale"/>. Labels as they are by default.</summary>
    /// <exception cref="ArgumentException">As there.</exception>
    public LabelScale LabelScale
    {
        get => Scores.Scale;
        init => Scores.SetScale(value);
    }

    internal LabelScores Scores { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Task.LossName} of {LabelColumn}";

    /// <summary>Gives the head to a model.</summary>
    /// <exception cref="ArgumentException">Another model has it: the two would share weights unawares.</exception>
    internal void Take()
    {
        if (_isTaken)
        {
            throw new ArgumentException($"The head '{Name}' belongs to a model already, whose weights it would share. Make a head for each model.");
        }

        _isTaken = true;
    }
}
