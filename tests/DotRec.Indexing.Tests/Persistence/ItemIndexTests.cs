using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace DotRec.Indexing.Tests;

/// <summary>One test a way in which a file can be bad; that nothing else gets through is a law of every index.</summary>
public sealed class ItemIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-files-").FullName;
    private readonly string _path;
    private readonly byte[] _good;

    public ItemIndexTests()
    {
        _path = Path.Combine(_folder, "films.index");
        using var index = BruteForceIndex.Build(new float[6], ItemIds.From(["a", "b", "c"]), ScoreFunction.Cosine);
        index.Save(_path);
        _good = File.ReadAllBytes(_path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_newer_format_is_named() =>
        Refused(8, "the file is of format 7; this build reads up to 2. Use a newer DotRec, or build the index again.", bytes => bytes[8] = 7);

    [Fact]
    public void An_unknown_kind_is_named() =>
        Refused(
            12, "the file holds an index of kind 99, which this build does not know. Use a newer DotRec.", bytes => Head(bytes).Kind = (ArtifactKind)99,
            reseal: true);

    [Fact]
    public void Another_file_is_named() => Refused(0, "this is no index file: it does not begin with the index signature.", bytes => bytes[0] = (byte)'P');

    [Fact]
    public void A_flipped_byte_of_the_header_is_found() =>
        Refused(0, "the checksum of the header does not match. The file is damaged.", bytes => bytes[100] ^= 1);

    [Fact]
    public void A_flipped_byte_of_a_section_is_found() =>
        Refused(4160, "the checksum of section EMBD (512 bytes) does not match. The file is damaged.", bytes => bytes[4200] ^= 1);

    [Fact]
    public void A_file_cut_in_half_is_named()
    {
        File.WriteAllBytes(_path, _good[..4500]);
        Assert.Equal(
            $"{_path}, offset 16: the file has 4500 bytes; its header says {_good.Length}. It is truncated or damaged.",
            Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(_path)).Message);
        File.WriteAllBytes(_path, _good[..100]);
        Assert.Equal(
            $"{_path}, offset 0: the file has 100 bytes; an index has at least 4096. It is truncated, or no index.",
            Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(_path)).Message);
    }

    [Fact]
    public void An_absurd_section_is_named() =>
        Refused(
            96,
            $"section EMBD claims {long.MaxValue} bytes at 4160; it must start at 4160 and end within {_good.Length}. The file is damaged.",
            bytes => Entries(bytes)[1].Length = long.MaxValue,
            reseal: true);

    [Fact]
    public void An_absurd_item_count_allocates_nothing()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Refused(
            4160,
            "section EMBD holds 128 values; 4294967296 were expected from the file's properties. The file is damaged.",
            bytes => MemoryMarshal.Write(bytes.AsSpan(ArtifactLayout.HeadBytes), int.MaxValue),
            reseal: true,
            ArtifactVerification.Structure);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 50_000_000);
    }

    [Fact]
    public void An_id_outside_the_text_is_named_when_it_is_read()
    {
        var offsets = Entries(_good)[3];
        Assert.Equal(SectionTag.IdOffsets, offsets.Tag);
        MemoryMarshal.Write(_good.AsSpan((int)offsets.Offset + 8), long.MaxValue);
        File.WriteAllBytes(_path, _good);
        using var index = ItemIndex.Open(_path, ArtifactVerification.Structure);
        Assert.Equal(
            $"{_path}: the id of row 0 claims bytes 0 to {long.MaxValue} of 3. The file is damaged.",
            Assert.Throws<ArtifactFormatException>(() => index.Ids[0]).Message);
    }

    [Fact]
    public void Structure_alone_does_not_read_the_sections()
    {
        _good[4200] ^= 1;
        File.WriteAllBytes(_path, _good);
        using var index = ItemIndex.Open(_path, ArtifactVerification.Structure);
        Assert.Equal(3, index.Count);
        Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(_path, ArtifactVerification.Full));
    }

    [Fact]
    public void A_missing_file_is_not_a_damaged_one() => Assert.Throws<FileNotFoundException>(() => ItemIndex.Open(Path.Combine(_folder, "absent")));

    [Fact]
    public void A_refused_file_is_let_go_of()
    {
        Refused(8, "the file is of format 7; this build reads up to 2.", bytes => bytes[8] = 7);
        using var exclusive = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(_good.Length, exclusive.Length);
    }

    private static ref ArtifactLayout.Header Head(byte[] bytes) => ref MemoryMarshal.AsRef<ArtifactLayout.Header>(bytes.AsSpan());

    private static Span<ArtifactLayout.Entry> Entries(byte[] bytes) =>
        MemoryMarshal.Cast<byte, ArtifactLayout.Entry>(bytes.AsSpan(64..ArtifactLayout.HeadBytes));

    private void Refused(
        long offset, string problem, Action<byte[]> damage, bool reseal = false, ArtifactVerification verification = ArtifactVerification.Automatic)
    {
        var bad = (byte[])_good.Clone();
        damage(bad);
        if (reseal)
        {
            Head(bad).Checksum = 0;
            Head(bad).Checksum = XxHash64.HashToUInt64(bad.AsSpan(0, ArtifactLayout.HeadBytes));
        }

        File.WriteAllBytes(_path, bad);
        var error = Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(_path, verification));
        Assert.StartsWith($"{_path}, offset {offset}: {problem}", error.Message, StringComparison.Ordinal);
        Assert.Equal((_path, offset), (error.Path, error.Offset));
    }
}
