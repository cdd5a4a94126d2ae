namespace DotRec.Pipelines.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("dotrec-pipelines-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string Write(string name, string header, IEnumerable<string> rows)
    {
        File.WriteAllText(this[name], string.Join('\n', [header, .. rows, ""]));
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
