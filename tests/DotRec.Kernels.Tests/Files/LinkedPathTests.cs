namespace DotRec.Kernels.Tests;

public sealed class LinkedPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_link_on_the_way_is_followed()
    {
        var root = LinkedPath.Resolve(_folder.Path);
        Directory.CreateDirectory(_folder["a/b"]);
        File.WriteAllText(_folder["a/b/file"], "");
        Directory.CreateSymbolicLink(_folder["absolute"], _folder["a"]);
        Directory.CreateSymbolicLink(_folder["a/relative"], "../absolute/./b");
        File.CreateSymbolicLink(_folder["a/again"], "relative/file");
        var file = Path.Combine(root, "a", "b", "file");
        Assert.Equal(file, LinkedPath.Resolve(_folder["a/b/file"]));
        Assert.Equal(file, LinkedPath.Resolve(_folder["absolute/b/file"]));
        Assert.Equal(file, LinkedPath.Resolve(_folder["a/relative/file"]));
        Assert.Equal(file, LinkedPath.Resolve(_folder["absolute/again"]));
    }

    [Fact]
    public void What_is_not_there_keeps_its_name()
    {
        var root = LinkedPath.Resolve(_folder.Path);
        File.CreateSymbolicLink(_folder["dangling"], "nowhere/file");
        Assert.Equal(Path.Combine(root, "nowhere", "file"), LinkedPath.Resolve(_folder["dangling"]));
        Assert.Equal(Path.Combine(root, "none", "file"), LinkedPath.Resolve(_folder["none/file"]));
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(_folder["one"], "two");
        File.CreateSymbolicLink(_folder["two"], "one");
        Assert.Contains("in a circle", Assert.Throws<IOException>(() => LinkedPath.Resolve(_folder["one"])).Message, StringComparison.Ordinal);
    }
}
