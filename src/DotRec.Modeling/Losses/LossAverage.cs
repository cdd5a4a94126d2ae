using System.Text.Json.Serialization;

namespace DotRec.Modeling;

/// <summary>
/// The loss of many batches: each summand's mean over its own examples. Two tasks may count differently (examples here, groups there) and
/// batches may have different sizes; the result is that of one batch of everything, wherever losses of examples do not depend on their batch.
/// </summary>
internal sealed class LossAverage
{
    private readonly List<Running> _total = [];
    private readonly SortedDictionary<string, List<Running>> _parts = new(StringComparer.Ordinal);

    /// <summary>Mean per example; 0 before the first batch.</summary>
    public double Mean => MeanOf(_total);

    /// <summary>The same of every named part.</summary>
    public IReadOnlyDictionary<string, double> Parts => _parts.ToDictionary(part => part.Key, part => MeanOf(part.Value), StringComparer.Ordinal);

    /// <summary>Takes a batch in.</summary>
    public void Add(Loss loss)
    {
        Add(_total, loss.Terms);
        foreach (var part in loss.NamedParts)
        {
            if (!_parts.TryGetValue(part.Name, out var running))
            {
                _parts.Add(part.Name, running = []);
            }

            Add(running, part.Terms);
        }
    }

    /// <summary>Forgets all batches.</summary>
    public void Clear()
    {
        _total.Clear();
        _parts.Clear();
    }

    /// <summary>The sums as they are, for a checkpoint; the total stands under the empty name, which no part can have.</summary>
    public Dictionary<string, Running[]> Save()
    {
        var saved = _parts.ToDictionary(part => part.Key, part => part.Value.ToArray(), StringComparer.Ordinal);
        saved.Add("", [.. _total]);
        return saved;
    }

    /// <summary>Goes on from saved sums.</summary>
    public void Restore(IReadOnlyDictionary<string, Running[]> saved)
    {
        Clear();
        foreach (var (name, running) in saved)
        {
            if (name.Length == 0)
            {
                _total.AddRange(running);
            }
            else
            {
                _parts.Add(name, [.. running]);
            }
        }
    }

    private static double MeanOf(List<Running> terms) => terms.Sum(term => term.Count == 0 ? 0 : term.Sum / term.Count);

    private static void Add(List<Running> running, ReadOnlySpan<LossTerm> terms)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            if (i == running.Count)
            {
                running.Add(default);
            }

            running[i] = new Running(BitConverter.DoubleToInt64Bits(running[i].Sum + (terms[i].Mean * terms[i].Count)), running[i].Count + terms[i].Count);
        }
    }

    /// <summary>A sum under way. It is kept as bits: JSON has no NaN or infinity.</summary>
    internal readonly record struct Running(long SumBits, long Count)
    {
        [JsonIgnore]
        public double Sum => BitConverter.Int64BitsToDouble(SumBits);
    }
}
