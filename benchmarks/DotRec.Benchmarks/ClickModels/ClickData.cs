using System.IO.Compression;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>A public data set of yes-or-no labels, cut into the two files that a user of the tool would have.</summary>
internal abstract class ClickData
{
    /// <summary>What the table calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The zip file that it is published in.</summary>
    public abstract string File { get; }

    /// <summary>Names of the columns.</summary>
    public abstract IReadOnlyList<string> Header { get; }

    /// <summary>Name of the label column.</summary>
    public abstract string Label { get; }

    /// <summary>Share of the training rows that training is stopped by; the tool's default.</summary>
    public virtual double ValidationFraction => 0.1;

    /// <summary>The rows, held out for the test or not.</summary>
    /// <param name="folder">Where <see cref="File"/> is.</param>
    /// <param name="seed">Decides what is drawn.</param>
    public abstract ClickRows Read(string folder, ulong seed);

    /// <summary>The lines of a file in the zip, without the last empty one.</summary>
    protected IEnumerable<string> Lines(string folder, string entryName)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(folder, File));
        var entry = archive.Entries.SingleOrDefault(entry => entry.Name == entryName)
            ?? throw new InvalidDataException($"{File} has no file {entryName}; {Name} is read from it.");
        using var reader = new StreamReader(entry.Open());
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    /// <summary>Holds out a share of the rows, any of them.</summary>
    protected static ClickRows Shuffled(string[][] rows, double testFraction, ulong seed)
    {
        new SeededRandom(seed).Shuffle(rows.AsSpan());
        var train = rows.Length - (int)(rows.Length * testFraction);
        return new ClickRows(rows[..train], rows[train..]);
    }
}

/// <summary>The rows of a data set, a text a field.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Test">To measure on.</param>
internal sealed record ClickRows(IReadOnlyList<string[]> Train, IReadOnlyList<string[]> Test)
{
    /// <summary>Writes both as files with a header line, for the tool to read.</summary>
    /// <returns>Their paths.</returns>
    public (string Train, string Test) Write(string folder, IReadOnlyList<string> header)
    {
        var (train, test) = (Path.Combine(folder, "train.tsv"), Path.Combine(folder, "test.tsv"));
        foreach (var (path, rows) in new[] { (train, Train), (test, Test) })
        {
            File.WriteAllLines(path, rows.Prepend([.. header]).Select(row => string.Join('\t', row)));
        }

        return (train, test);
    }
}
