namespace DotRec.Benchmarks;

/// <summary>
/// <c>numbers NAME …</c> measures quick forms and writes their result files, then the documents; <c>numbers</c> alone only writes the documents'
/// tables from the result files that are there.
/// </summary>
internal static class NumbersCommand
{
    public static async Task<int> RunAsync(string[] names)
    {
        try
        {
            return await WriteAsync(names);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> WriteAsync(string[] names)
    {
        if (Array.Find(names, name => Array.TrueForAll(QuickForm.All, form => form.Name != name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no quick form '{unknown}'; there are: {string.Join(", ", QuickForm.All.Select(form => form.Name))}.");
            return 2;
        }

        var root = DataFolder.Repository() ?? throw new DirectoryNotFoundException($"No DotRec.slnx above {AppContext.BaseDirectory}: numbers are written to a checkout.");
        var results = Path.Combine(root, "benchmarks", "results");
        foreach (var form in QuickForm.All.Where(form => names.Contains(form.Name, StringComparer.Ordinal)))
        {
            Terminal.Say($"measuring {form.Name}");
            await File.WriteAllTextAsync(Path.Combine(results, form.Name + ".json"), new ResultDocument(await form.MeasureAsync()).ToText());
        }

        foreach (var path in MarkedDocument.All(root))
        {
            var text = await File.ReadAllTextAsync(path);
            var written = MarkedDocument.Written(text, results);
            if (written != text)
            {
                await File.WriteAllTextAsync(path, written);
                Terminal.Say($"written: {Path.GetRelativePath(root, path)}");
            }
        }

        return 0;
    }
}
