namespace DotRec.Tutorials;

/// <summary>A tutorial of TensorFlow Recommenders, done again with DotRec: it trains what the tutorial trains and measures what it measures.</summary>
internal abstract class Tutorial
{
    /// <summary>Name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the help.</summary>
    public abstract string Summary { get; }

    /// <summary>True when MovieLens 100K is needed.</summary>
    public virtual bool NeedsData => true;

    /// <summary>True when MovieLens 1M is needed.</summary>
    public virtual bool NeedsOneMillion => false;

    /// <summary>Does it, giving each result as soon as it is known. Remarks go to <paramref name="output"/>.</summary>
    /// <exception cref="ClaimFailedException">Something the tutorial shows beside its numbers is not so.</exception>
    public abstract IEnumerable<Result> Run(TutorialOptions options, TextWriter output);
}
