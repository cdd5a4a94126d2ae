namespace DotRec.Serving;

/// <summary>Between a ranker and its bundle.</summary>
internal static class RankerBundle
{
    public static void Save(StoredModel model, RankerOptions options, string directory, BundleStorage storage)
    {
        var manifest = new RankerManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Ranker = model.Describe(BundleFiles.Ranker),
            LabelColumn = options.LabelColumn,
            Score = options.Score,
            Metrics = options.Metrics,
            Facts = options.Facts,
            Libraries = LibraryVersions.Current,
            ExtraFiles = ExtraFiles.Names(options.ExtraFiles),
            Files = [],
        };
        BundleWriter.Write(directory, manifest, [.. model.Files(BundleFiles.Ranker), .. ExtraFiles.Parts(options.ExtraFiles)], storage);
    }

    public static Ranker Load(string directory, BundleVerification verification) => BundleReader.Read(directory, verification, Open);

    private static Ranker Open(BundleReader bundle)
    {
        var manifest = bundle.Expect<RankerManifest>(RankerManifest.KindName);
        var options = new RankerOptions
        {
            LabelColumn = manifest.LabelColumn,
            Score = manifest.Score,
            Metrics = manifest.Metrics,
            Facts = manifest.Facts,
            ExtraFiles = ExtraFiles.Read(bundle),
        };
        try
        {
            return new Ranker(new BundledModel(bundle, manifest.Ranker), options);
        }
        catch (ArgumentException exception)
        {
            throw new BundleException($"The bundle {bundle.PathOf("")} does not hold together: {exception.Message}", exception);
        }
    }
}
