namespace DotRec.Data;

/// <summary>A data set could not be fetched: says from where, what went wrong and what to do.</summary>
public sealed class DatasetDownloadException : IOException
{
    internal DatasetDownloadException(Dataset dataset, string problem, Exception? cause = null)
        : base($"{dataset.Source}: {problem}. Nothing was kept. Try again, or fetch {dataset.Name} by hand ({dataset.Homepage}) and give its path.", cause) =>
        Dataset = dataset;

    /// <summary>The data set.</summary>
    public Dataset Dataset { get; }
}
