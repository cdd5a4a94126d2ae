namespace DotRec.Serving;

/// <summary>Between a ranker and its bundle.</summary>
internal static class RankerBundle
{
    public static void Save(StoredModel model, RankerOptions options, string directory, BundleStorage storage)
    {
        var manifest = new RankerManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Ranker = BundledModel.Describe(BundleFiles.Ranker, model),
            LabelColumn = options.LabelColumn,
            Score = options.Score,
            Metrics = options.Metrics,
            Facts = options.Facts,
            Libraries = LibraryVersions.Current,
            ExtraFiles = ExtraFiles.Names(options.ExtraFiles),
            Files = [],
        };
        BundleWriter.Write(directory, manifest, [(BundleFiles.Ranker, model.Write), .. ExtraFiles.Parts(options.ExtraFiles)], storage);
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
        var model = BundledModel.Read(bundle, manifest.Ranker);
        try
        {
            return new Ranker(BundledModel.Stored(bundle, manifest.Ranker, model), model, options);
        }
        catch (ArgumentException exception)
        {
            throw new BundleException($"The bundle {bundle.PathOf("")} does not hold together: {exception.Message}", exception);
        }
    }
}
