using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>One recommended item.</summary>
public readonly struct Recommendation
{
    private readonly Recommendations? _answer;
    private readonly int _place;

    internal Recommendation(Recommendations answer, int place) => (_answer, _place) = (answer, place);

    /// <summary>The item's id.</summary>
    public ItemId ItemId => Answer.IdOf(_place);

    /// <summary>The ranker's score, or without a ranker the index's. Bigger is better. Comparable within one list of recommendations only.</summary>
    public float Score => Answer.Ranked(_place).Score;

    /// <summary>The index's score, by which the item was retrieved; equal to <see cref="Score"/> without a ranker.</summary>
    public float RetrievalScore => Answer.Ranked(_place).RetrievalScore;

    /// <summary>The item's row in the index.</summary>
    public int Row => Answer.Ranked(_place).Row;

    /// <summary>The item's value in a column: a string, long, float or double, or an array of these for a list. A missing text is empty, a missing number NaN.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public object this[string column] => Answer.Items[column][Row];

    /// <summary>The item's value in a column, typed.</summary>
    /// <typeparam name="T">string, long, float or double, or an array of these for a list.</typeparam>
    /// <exception cref="ArgumentException">There is no such column, or it holds values of another type.</exception>
    public T Get<T>(string column)
        where T : notnull => Answer.Items.Get<T>(column).Value(Row);

    /// <summary>Splits into id and score.</summary>
    public void Deconstruct(out ItemId itemId, out float score) => (itemId, score) = (ItemId, Score);

    /// <summary>The item columns and their values, in order.</summary>
    public IEnumerable<KeyValuePair<string, object>> Fields()
    {
        var (columns, row) = (Answer.Items.Columns, Row);
        return columns.Select(column => KeyValuePair.Create(column.Name, column[row]));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (_answer is null)
        {
            return "no item";
        }

        var row = Row;
        return FormattableString.Invariant($"{ItemId} {Score:G6}{string.Concat(_answer.Items.Columns.Select(column => $", {column.Name}: {column.Text(row)}"))}");
    }

    private Recommendations Answer => _answer ?? throw new InvalidOperationException("This recommendation is empty: it was made by default, not by a recommender.");
}
