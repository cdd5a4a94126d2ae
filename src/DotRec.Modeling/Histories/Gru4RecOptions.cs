namespace DotRec.Modeling;

/// <summary>The shape of a <see cref="Gru4Rec"/> network and its loss. Immutable; every default is stated.</summary>
public sealed record Gru4RecOptions : HistoryNetworkOptions
{
    /// <summary>Recurrent layers, one above the other. 1 by default.</summary>
    public int Layers
    {
        get;
        init => field = AtLeast(value, 1, nameof(Layers));
    } = 1;
}
