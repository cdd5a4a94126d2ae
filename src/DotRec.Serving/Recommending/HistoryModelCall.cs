using System.Diagnostics;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>
/// One call of queries of which histories are known, and a model that embeds them. Where the model reads the history, a query that tells its id only is embedded by what
/// that id had.
/// </summary>
internal sealed class HistoryModelCall : QueryCall
{
    private readonly HistoryPlaces _places;
    private readonly ItemIds _ids;

    // What the model reads instead of the queries' own histories; null where it reads none.
    private readonly ColumnBuffer? _filled;

    /// <param name="model">Runs the model.</param>
    /// <param name="signature">Features of the model, and others.</param>
    /// <param name="places">Where the features stand.</param>
    /// <param name="rows">Reads what each query has had.</param>
    /// <param name="ids">The items.</param>
    public HistoryModelCall(ServedModel model, ModelSignature signature, HistoryPlaces places, HistoryRows rows, ItemIds ids)
        : base([.. signature.Features.Select(ColumnBuffer.Create)])
    {
        (_places, Rows, _ids) = (places, rows, ids);
        var features = Features[..signature.InputFeatureCount];
        if (places.History < features.Length)
        {
            _filled = features[places.History] = ColumnBuffer.Create(signature.Features[places.History]);
        }

        Model = model.NewCall(features);
    }

    /// <summary>What each query has had.</summary>
    public HistoryRows Rows { get; }

    /// <summary>The call of the model.</summary>
    public ModelCall Model { get; }

    public override void Run()
    {
        Rows.Read(Features, RowCount);
        switch (_filled)
        {
            case ColumnBuffer<string> texts:
                Fill(texts, (ColumnBuffer<string>)Features[_places.History], _ids.GetString);
                break;
            case ColumnBuffer<long> integers:
                Fill(integers, (ColumnBuffer<long>)Features[_places.History], _ids.GetInt64);
                break;
            default:
                Debug.Assert(_filled is null, "Histories are of texts or integers.");
                break;
        }

        Model.Run();
    }

    public override void Dispose()
    {
        Rows.Dispose();
        Model.Dispose();
    }

    private void Fill<T>(ColumnBuffer<T> filled, ColumnBuffer<T> own, Func<int, T> idOf)
        where T : notnull
    {
        filled.Clear();
        for (var query = 0; query < RowCount; query++)
        {
            // What was given may be of any length, and hold what nobody knows.
            var given = own.Row(query);
            if (given.Length > 0 && given.Length <= Rows.Length)
            {
                filled.AddRange(given);
            }
            else
            {
                foreach (var row in Rows.Of(query))
                {
                    filled.Add(idOf(row));
                }
            }

            filled.EndList();
        }
    }
}
