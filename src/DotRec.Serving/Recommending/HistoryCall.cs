using DotRec.Data;

namespace DotRec.Serving;

/// <summary>One call of queries that are histories.</summary>
/// <param name="signature">The features.</param>
/// <param name="rows">Reads what each query has had.</param>
internal sealed class HistoryCall(ModelSignature signature, HistoryRows rows) : QueryCall([.. signature.Features.Select(ColumnBuffer.Create)])
{
    /// <summary>What each query has had.</summary>
    public HistoryRows Rows => rows;

    public override void Run() => rows.Read(Features, RowCount);

    public override void Dispose() => rows.Dispose();
}
