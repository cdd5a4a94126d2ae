using DotRec.Indexing;

namespace DotRec.Serving.Tests;

public sealed class BundleWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_at_any_step_leaves_the_old_bundle_or_the_new(bool canExchange)
    {
        var sawOld = 0;
        var sawNew = 0;
        for (var step = 0; ; step++)
        {
            var target = _folder[$"step{step}"];
            Write(target, "old", new BundleStorage());
            var storage = new CrashingStorage(step, canExchange);
            try
            {
                Write(target, "new", storage);
            }
            catch (SimulatedCrashException)
            {
            }

            var found = Read(target);
            Assert.True(found is "old" or "new", found);
            sawOld += found == "old" ? 1 : 0;
            sawNew += found == "new" ? 1 : 0;

            // Whatever the crash left, the next save goes through and clears it up.
            Write(target, "next", new BundleStorage());
            Assert.Equal("next", Read(target));
            Assert.Equal([$".step{step}.lock", $"step{step}"], Directory.EnumerateFileSystemEntries(_folder.Path, $"*step{step}*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
            if (!storage.HasCrashed)
            {
                Assert.Equal("new", found);
                break;
            }
        }

        Assert.True(sawOld >= 8, "crashes before the exchange");
        Assert.True(sawNew >= 2, "crashes after the exchange");
    }

    [Fact]
    public void A_crash_while_saving_for_the_first_time_leaves_no_bundle_or_the_whole()
    {
        for (var step = 0; ; step++)
        {
            var target = _folder[$"step{step}"];
            var storage = new CrashingStorage(step, canExchange: true);
            try
            {
                Write(target, "new", storage);
            }
            catch (SimulatedCrashException)
            {
            }

            if (Directory.Exists(target))
            {
                Assert.Equal("new", Read(target));
            }
            else
            {
                Assert.Contains("There is no bundle at", Assert.Throws<BundleException>(() => Read(target)).Message, StringComparison.Ordinal);
            }

            if (!storage.HasCrashed)
            {
                return;
            }
        }
    }

    [Fact]
    public void A_part_that_fails_leaves_the_old_bundle_and_nothing_else()
    {
        Write(_folder["1"], "old", BundleStorage.Disk);
        Assert.Throws<NotSupportedException>(() => BundleWriter.Write(
            _folder["1"], Manifest(), [("a.bin", path => File.WriteAllText(path, "x")), ("b.bin", _ => throw new NotSupportedException())], BundleStorage.Disk));
        Assert.Equal("old", Read(_folder["1"]));
        Assert.False(Directory.Exists(_folder[".1.saving"]));
    }

    [Fact]
    public void Two_saves_to_one_directory_do_not_mix()
    {
        var error = Assert.Throws<IOException>(() => BundleWriter.Write(
            _folder["1"], Manifest(), [("a.bin", _ => Write(_folder["1"], "inner", BundleStorage.Disk))], BundleStorage.Disk));
        Assert.Contains("held by another save", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_killed_saves_to_other_names_left_is_removed_and_nothing_else()
    {
        foreach (var name in new[] { ".7.saving", ".8.saving", ".mine.saving", "9.saving" })
        {
            Directory.CreateDirectory(_folder[name]);
            File.WriteAllText(Path.Combine(_folder[name], "half"), "x");
        }

        // Of 7 the writer is dead, of 8 it is at work, and of the others no writer of bundles ever was.
        File.WriteAllText(_folder[".7.lock"], "");
        using (new FileStream(_folder[".8.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Write(_folder["1"], "new", BundleStorage.Disk);
        }

        Assert.Equal(new[] { ".1.lock", ".7.lock", ".8.lock", ".8.saving", ".mine.saving", "1", "9.saving" }, _folder.Entries);
        Write(_folder["1"], "newer", BundleStorage.Disk);
        Assert.DoesNotContain(".8.saving", _folder.Entries);
    }

    [Fact]
    public void Saving_through_a_link_keeps_the_link_and_replaces_what_it_leads_to()
    {
        Directory.CreateDirectory(_folder["store"]);
        Write(_folder["store/3"], "old", BundleStorage.Disk);
        Directory.CreateSymbolicLink(_folder["current"], "store/3");
        Write(_folder["current"], "new", BundleStorage.Disk);
        Assert.Equal("store/3", new DirectoryInfo(_folder["current"]).LinkTarget);
        Assert.Equal("new", Read(_folder["store/3"]));
        Assert.Equal("new", Read(_folder["current"]));
        Assert.Equal(["current", "store"], _folder.Entries);
    }

    [Fact]
    public void A_directory_that_is_no_bundle_is_not_overwritten()
    {
        Directory.CreateDirectory(_folder["photos"]);
        File.WriteAllText(Path.Combine(_folder["photos"], "holiday.jpg"), "dear");
        var error = Assert.Throws<IOException>(() => Write(_folder["photos"], "new", BundleStorage.Disk));
        Assert.Contains("it holds something that is not a bundle", error.Message, StringComparison.Ordinal);
        Assert.Equal("dear", File.ReadAllText(Path.Combine(_folder["photos"], "holiday.jpg")));
    }

    internal static void Write(string target, string content, BundleStorage storage) => BundleWriter.Write(
        target,
        Manifest(),
        [
            ("a.bin", path => File.WriteAllText(path, content)),
            ("b.bin", path => File.WriteAllText(path, string.Concat(Enumerable.Repeat(content, 100)))),
        ],
        storage);

    /// <summary>The content the bundle was written with; "mixed" when its files disagree.</summary>
    internal static string Read(string target) => BundleReader.Read(target, BundleVerification.Hashes, bundle =>
    {
        var content = File.ReadAllText(bundle.PathOf("a.bin"));
        return File.ReadAllText(bundle.PathOf("b.bin")) == string.Concat(Enumerable.Repeat(content, 100)) ? content : "mixed";
    });

    internal static RecommenderManifest Manifest() => new()
    {
        FormatVersion = BundleManifest.CurrentFormatVersion,
        Query = new BundleModel("a.bin", [new BundleValue("user_id", "String", ["batch"])], [new BundleValue("embedding", "Float", ["batch", "8"])]),
        Items = new BundleItems(3, "movie_id", "String", [new BundleColumn("title", DotRec.Data.ColumnType.String, IsList: false, "b.bin")]),
        Index = new BundleIndex("a.bin", 8, ScoreFunction.Dot, IsExact: true),
        K = 10,
        UnknownQueries = UnknownQueryPolicy.OutOfVocabulary,
        Metrics = new Dictionary<string, double> { ["test.hitRate@10"] = 0.0871, ["nothing"] = double.NaN },
        Libraries = new Dictionary<string, string> { ["DotRec"] = "0.1.0" },
        Files = [],
    };

    private sealed class SimulatedCrashException() : Exception("crash");

    /// <summary>Stops at a given step as a process does that is killed: nothing runs afterwards, and a file being written is left half.</summary>
    private sealed class CrashingStorage(int crashAt, bool canExchange) : BundleStorage
    {
        private int _step;

        public bool HasCrashed { get; private set; }

        public override void CreateDirectory(string path)
        {
            Step();
            base.CreateDirectory(path);
        }

        public override void WriteFile(string path, Action<string> write)
        {
            try
            {
                Step();
            }
            catch (SimulatedCrashException) when (Directory.Exists(Path.GetDirectoryName(path)))
            {
                write(path);
                var bytes = File.ReadAllBytes(path);
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                throw;
            }

            Step();
            base.WriteFile(path, write);
        }

        public override void SyncDirectory(string path)
        {
            Step();
            base.SyncDirectory(path);
        }

        public override bool TryExchange(string one, string other)
        {
            Step();
            return canExchange && base.TryExchange(one, other);
        }

        public override void Move(string source, string target)
        {
            Step();
            base.Move(source, target);
        }

        public override void Delete(string path)
        {
            if (!HasCrashed && _step == crashAt)
            {
                File.Delete(Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).First());
            }

            Step();
            base.Delete(path);
        }

        private void Step()
        {
            if (HasCrashed || _step++ == crashAt)
            {
                HasCrashed = true;
                throw new SimulatedCrashException();
            }
        }
    }
}
