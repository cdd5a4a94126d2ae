namespace DotRec.Serving;

/// <summary>Where a signature has what tells a history.</summary>
/// <param name="History">Place of the feature of what was had.</param>
/// <param name="QueryId">Place of the feature that tells who asks; −1 where there is none.</param>
internal readonly record struct HistoryPlaces(int History, int QueryId)
{
    public static HistoryPlaces In(ModelSignature signature, string history, string? queryId)
    {
        var names = signature.Features.Select(feature => feature.Name).ToList();
        return new HistoryPlaces(names.IndexOf(history), queryId is null ? -1 : names.IndexOf(queryId));
    }
}
