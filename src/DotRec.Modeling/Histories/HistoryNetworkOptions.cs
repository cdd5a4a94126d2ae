namespace DotRec.Modeling;

/// <summary>What all networks of histories have: widths, how much of a history they look at, and their loss. Immutable; every default is stated.</summary>
public abstract record HistoryNetworkOptions
{
    /// <summary>Up to so many items every item is a negative of every position: a full softmax costs little there and is the best loss.</summary>
    internal const int FullSoftmaxItems = 5000;

    /// <summary>Negatives where the catalogue is larger and <see cref="Negatives"/> does not say.</summary>
    internal const int DefaultNegatives = 4096;

    private protected HistoryNetworkOptions()
    {
    }

    /// <summary>Width D of embeddings and layers. 64 by default.</summary>
    public int Dimension
    {
        get;
        init => field = AtLeast(value, 1, nameof(Dimension));
    } = 64;

    /// <summary>Items of a history that are looked at: the last ones. 200 by default; cost grows with it.</summary>
    public int Length
    {
        get;
        init => field = AtLeast(value, 1, nameof(Length));
    } = 200;

    /// <summary>Share of values that a training step sets to zero, at the input and inside, 0 to 1 excluded. 0.2 by default; short histories want up to 0.5.</summary>
    public double Dropout
    {
        get;
        init => field = Share(value, nameof(Dropout));
    } = 0.2;

    /// <summary>
    /// Items, drawn anew every step and shared by all its positions, that each next item is told from. 0: the whole catalogue. Null (the default): the whole
    /// catalogue up to 5,000 items, else 4,096: more of them is what helps most on large catalogues, and one product serves all positions.
    /// </summary>
    public int? Negatives
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Negatives), value, "Negatives must be at least 0, or null.");
    }

    /// <summary>Standard deviation of the first embeddings. 0.02 by default.</summary>
    public double InitialDeviation
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(InitialDeviation), value, "It must be positive.");
    } = 0.02;

    /// <summary>How the next item is told from others. Softmax by default.</summary>
    public NextItemLossKind Loss
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Loss), value, "It is none of the losses.");
    }

    /// <summary>
    /// t, 0 to 1, of gBCE: with a share α of the other items as negatives, β = α·(t·(1 − 1/α) + 1/α). 0: plain binary cross-entropy, whose probabilities are
    /// too large where negatives are few. 1: probabilities as all negatives would have them. 0.75 by default, as its authors recommend. Without effect on other losses.
    /// </summary>
    public double Calibration
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Calibration), value, "Calibration must be at least 0 and at most 1.");
    } = 0.75;

    /// <summary>
    /// Exponent a, 0 to 1: an item is drawn as a negative in proportion to the a-th power of how often it was chosen. 0 (the default): all alike, each once a
    /// step. Otherwise an item may be drawn several times, and counts as often.
    /// </summary>
    public double NegativePopularity
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(NegativePopularity), value, "It must be at least 0 and at most 1.");
    }

    /// <summary>
    /// True: the logarithm of how often a negative is to be expected in a step is subtracted from its logit, so that the sampled sum is on average that of the
    /// whole catalogue ("logQ correction"; Bengio and Senécal, 2008; Yi et al., 2019). The next item is always there, so its logit stays. False by default.
    /// Without effect where all items are negatives, and on other losses than the softmax.
    /// </summary>
    public bool LogQCorrection { get; init; }

    /// <summary>
    /// True (the default): a history is compared with the embeddings that stand for items in histories too ("weight tying"; Press and Wolf, 2017). False: with
    /// embeddings of their own, which is a second table.
    /// </summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Negatives a step for a catalogue; 0 for all items.</summary>
    internal int NegativesOf(int itemCount) => Negatives switch
    {
        null => itemCount <= FullSoftmaxItems ? 0 : DefaultNegatives,
        { } count => count < itemCount ? count : 0,
    };

    private protected static int AtLeast(int value, int minimum, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");

    private protected static double Share(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and less than 1.");
}
