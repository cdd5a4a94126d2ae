using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace DotRec.Indexing.Tests;

/// <summary>Index files and embedding files that were damaged, or made to do harm, answer or are refused, in bounded time and memory.</summary>
[Collection(nameof(DamagedIndexLaws))]
public sealed class DamagedIndexLaws : IDisposable
{
    private const long FreeBytes = 32 << 20;
    private const long BytesAByte = 64;
    private const int Dimension = 12;
    private const int Count = 700;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exact")]
    [InlineData("exact cosine, texts")]
    [InlineData("approximate, texts")]
    [InlineData("approximate, bfloat16, distance")]
    [InlineData("approximate, bytes, two partitions")]
    [InlineData("projected")]
    public void A_damaged_index_answers_or_is_refused(string kind)
    {
        var path = _folder["items.index"];
        using (var built = Build(kind))
        {
            built.Save(path);
        }

        var valid = File.ReadAllBytes(path);
        Assert.True(TryUse(path));
        var damage = new Damage((ulong)kind.Length);
        var (answers, refused) = (0, 0);
        for (var trial = Damage.Trials(120); trial > 0; trial--)
        {
            // Half of the damage in one section, for most bytes of a file are embeddings; with the head sealed again, for else that is all that is ever looked at.
            var bytes = trial % 2 == 0 ? damage.Of(valid) : InOneSection(valid, damage, trial / 2);
            Seal(bytes);
            var damaged = _folder.Write("damaged.index", bytes);
            try
            {
                _ = Damage.Holds(bytes.Length, BytesAByte, FreeBytes, () => TryUse(damaged)) ? answers++ : refused++;
            }
            catch (Exception broken)
            {
                File.WriteAllBytes(System.IO.Path.Combine(System.IO.Path.GetTempPath(), "dotrec-broken.index"), bytes);
                Assert.Fail($"Trial {trial} of {kind}: {broken.GetBaseException()}");
            }
        }

        Assert.True(answers > 0 && refused > 0, $"{answers} answers, {refused} refused");
    }

    [Theory]
    [InlineData("rows.npy")]
    [InlineData("half.npy")]
    [InlineData("rows.npy.gz")]
    [InlineData("rows.fvecs")]
    public void Damaged_embeddings_are_read_or_refused(string name)
    {
        var valid = Embeddings(name);
        var damage = new Damage((ulong)name.Length);
        var (read, refused) = (0, 0);
        Assert.True(TryRead(_folder.Write(name, valid)));
        for (var trial = Damage.Trials(200); trial > 0; trial--)
        {
            var bytes = damage.Of(valid);
            var path = _folder.Write(name, bytes);
            _ = Damage.Holds(bytes.Length, BytesAByte, FreeBytes, () => TryRead(path)) ? read++ : refused++;
        }

        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    [Fact]
    public async Task Pipes_are_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes lie in folders on Unix only.");
        foreach (var name in new[] { "items.index", "rows.npy", "rows.npy.gz", "rows.fvecs" })
        {
            var path = NamedPipe.Create(_folder[name]);
            var opening = Task.Run(() => name.EndsWith(".index", StringComparison.Ordinal) ? (IDisposable)ItemIndex.Open(path) : EmbeddingSource.Open(path), TestContext.Current.CancellationToken);
            Assert.Same(opening, await Task.WhenAny(opening, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
            Assert.Contains("is a pipe, a device or a socket; a file was expected.", (await Assert.ThrowsAnyAsync<IOException>(() => opening)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_stays_open_or_mapped_when_opening_fails()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process has open.");
        var path = _folder["items.index"];
        using (var built = Build("approximate, texts"))
        {
            built.Save(path);
        }

        var valid = File.ReadAllBytes(path);
        var damage = new Damage(99);
        for (var trial = 0; trial < 60; trial++)
        {
            var bytes = InOneSection(valid, damage, trial);
            Seal(bytes);
            File.Delete(path);
            File.WriteAllBytes(path, bytes);
            if (Record.Exception(() => ItemIndex.Open(path, ArtifactVerification.Full).Dispose()) is not null)
            {
                Assert.Empty(OpenDescriptors.Below(_folder.Path));
            }
        }

        foreach (var name in new[] { "rows.npy", "half.npy", "rows.npy.gz", "rows.fvecs" })
        {
            var whole = Embeddings(name);
            var cut = _folder.Write(name, whole.AsSpan(0, whole.Length - 7));
            Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(cut));
            Assert.Empty(OpenDescriptors.Below(_folder.Path));
        }
    }

    private static IItemIndex Build(string kind)
    {
        var rows = Corpus.Clustered(20, Count, Dimension);
        var texts = ItemIds.From(Enumerable.Range(0, Count).Select(i => $"item {i}").ToArray());
        return kind switch
        {
            "exact" => BruteForceIndex.Build(rows, Dimension),
            "exact cosine, texts" => BruteForceIndex.Build(rows, texts, ScoreFunction.Cosine),
            "approximate, texts" => ScannIndex.Build(rows, texts, ScoreFunction.Dot, new ScannOptions { PartitionCount = 9 }),
            "approximate, bfloat16, distance" => ScannIndex.Build(rows, ItemIds.Range(Count), ScoreFunction.NegatedSquaredL2, new ScannOptions { PartitionCount = 9, RescoringFormat = RescoringFormat.Bfloat16 }),
            "approximate, bytes, two partitions" => ScannIndex.Build(rows, ItemIds.Range(Count), ScoreFunction.Cosine, new ScannOptions { PartitionCount = 9, RescoringFormat = RescoringFormat.Int8, Soar = true }),
            _ => ScannIndex.Build(Corpus.Clustered(20, Count, 300), ItemIds.Range(Count), ScoreFunction.Dot, new ScannOptions { PartitionCount = 9 }),
        };
    }

    private static byte[] InOneSection(byte[] valid, Damage damage, int number)
    {
        var entries = MemoryMarshal.Cast<byte, ArtifactLayout.Entry>(valid.AsSpan(64..ArtifactLayout.HeadBytes)).ToArray().Where(entry => entry.Length > 0).ToArray();
        var entry = entries[number % entries.Length];
        var (start, length) = ((int)entry.Offset, (int)entry.Length);
        var section = damage.Of(valid.AsSpan(start, length).ToArray());
        var bytes = (byte[])valid.Clone();
        section.AsSpan(0, Math.Min(length, section.Length)).CopyTo(bytes.AsSpan(start));
        return bytes;
    }

    private static void Seal(byte[] bytes)
    {
        if (bytes.Length < ArtifactLayout.HeadBytes)
        {
            return;
        }

        var head = bytes.AsSpan(0, ArtifactLayout.HeadBytes);
        var header = MemoryMarshal.Read<ArtifactLayout.Header>(head) with { FileLength = bytes.Length, Checksum = 0 };
        MemoryMarshal.Write(head, header);
        MemoryMarshal.Write(head, header with { Checksum = XxHash64.HashToUInt64(head) });
    }

    private static bool TryUse(string path)
    {
        try
        {
            using var index = ItemIndex.Open(path, ArtifactVerification.Structure);
            var query = new float[index.Dimension];
            for (var seed = 1; seed <= 3; seed++)
            {
                for (var i = 0; i < query.Length; i++)
                {
                    query[i] = (i * seed % 7) - 3;
                }

                _ = index.Search(query, 10);
                _ = index.Search(query, 700, ItemFilter.Where(index.Count, row => row % 3 == 0));
            }

            for (var row = 0; row < Math.Min(50, index.Count); row++)
            {
                _ = index.Ids.Type == ItemIdType.String ? index.Ids.RowOf(index.Ids.GetString(row)) : index.Ids.RowOf(index.Ids.GetInt64(row));
                index.CopyEmbedding(row, query);
            }

            return true;
        }
        catch (ArtifactFormatException refused)
        {
            Assert.NotEmpty(refused.Message);
            return false;
        }
    }

    private static bool TryRead(string path)
    {
        try
        {
            using var source = EmbeddingSource.Open(path);
            var row = new float[source.Dimension];
            for (var i = 0; i < source.Count; i++)
            {
                source.CopyRow(i, row);
            }

            return true;
        }
        catch (ArtifactFormatException refused)
        {
            Assert.NotEmpty(refused.Message);
            return false;
        }
    }

    private static byte[] Embeddings(string name)
    {
        var values = Enumerable.Range(0, 40).Select(i => i * 0.25f).ToArray();
        if (name.EndsWith("fvecs", StringComparison.Ordinal))
        {
            return [.. Enumerable.Range(0, 8).SelectMany(row => (byte[])[5, 0, 0, 0, .. MemoryMarshal.AsBytes(values.AsSpan(row * 5, 5))])];
        }

        var isHalf = name.StartsWith("half", StringComparison.Ordinal);
        var header = $"{{'descr': '<f{(isHalf ? 2 : 4)}', 'fortran_order': False, 'shape': (8, 5), }}".PadRight(117) + "\n";
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. isHalf ? MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()) : MemoryMarshal.AsBytes(values.AsSpan())];
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return bytes;
        }

        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }
}

/// <summary>What measures the memory of the whole process runs alone.</summary>
[CollectionDefinition(nameof(DamagedIndexLaws), DisableParallelization = true)]
public sealed class DamagedIndexLawsCollection;
