using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Words drawn in proportion to their weights.</summary>
internal sealed class WeightedWords
{
    private readonly string[] _words;
    private readonly double[] _upTo;

    public WeightedWords(params ReadOnlySpan<(string Word, double Weight)> words)
    {
        _words = new string[words.Length];
        _upTo = new double[words.Length];
        var sum = 0.0;
        for (var i = 0; i < words.Length; i++)
        {
            sum += words[i].Weight;
            (_words[i], _upTo[i]) = (words[i].Word, sum);
        }
    }

    public string Draw(SeededRandom random)
    {
        var at = random.NextDouble() * _upTo[^1];
        return _words[Array.FindIndex(_upTo, bound => at < bound)];
    }
}
