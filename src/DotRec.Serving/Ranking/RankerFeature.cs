using System.Numerics;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Where a ranker gets one of its features when it ranks candidates: from the query, the same for all of them, or from each item.</summary>
internal abstract class RankerFeature
{
    /// <summary>Adds one row for each candidate to the ranker's buffer of the feature.</summary>
    /// <param name="query">The query's features.</param>
    /// <param name="queryRow">Which of the call's queries.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="target">The ranker's buffer.</param>
    public abstract void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target);

    /// <summary>A feature of the query, of the same type in both models.</summary>
    public sealed class OfQuery<T>(int feature) : RankerFeature
        where T : notnull
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target) =>
            ((ColumnBuffer<T>)target).AddRepeated(((ColumnBuffer<T>)query.Features[feature]).Row(queryRow), candidates.Length);
    }

    /// <summary>A number of the query that the ranker reads as another type of number.</summary>
    public sealed class OfQueryNumber<TFrom, T>(int feature) : RankerFeature
        where TFrom : struct, INumberBase<TFrom>
        where T : struct, INumberBase<T>
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target) =>
            ((ColumnBuffer<T>)target).AddRepeated([T.CreateTruncating(((ColumnBuffer<TFrom>)query.Features[feature]).Values[queryRow])], candidates.Length);
    }

    /// <summary>A column of the items, by row.</summary>
    public sealed class OfItem<T>(ItemColumn<T> column) : RankerFeature
        where T : notnull
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target)
        {
            var values = (ColumnBuffer<T>)target;
            foreach (var candidate in candidates)
            {
                values.Add(column.Value(candidate.Row));
            }
        }
    }

    /// <summary>A column of numbers of the items that the ranker reads as another type of number, by row.</summary>
    public sealed class OfItemNumber<TFrom, T>(ItemColumn<TFrom> column) : RankerFeature
        where TFrom : struct, INumberBase<TFrom>
        where T : struct, INumberBase<T>
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target)
        {
            var values = (ColumnBuffer<T>)target;
            foreach (var candidate in candidates)
            {
                values.Add(T.CreateTruncating(column.Value(candidate.Row)));
            }
        }
    }

    /// <summary>A column of lists of the items, by row.</summary>
    public sealed class OfItemList<T>(ItemColumn<T[]> column) : RankerFeature
        where T : notnull
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target)
        {
            var values = (ColumnBuffer<T>)target;
            foreach (var candidate in candidates)
            {
                values.AddRepeated(column.Value(candidate.Row), 1);
            }
        }
    }

    /// <summary>The item's id, of string ids.</summary>
    public sealed class OfTextId(ItemIds ids) : RankerFeature
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target)
        {
            var values = (ColumnBuffer<string>)target;
            foreach (var candidate in candidates)
            {
                values.Add(ids.GetString(candidate.Row));
            }
        }
    }

    /// <summary>The item's id, of integer ids.</summary>
    public sealed class OfIntegerId(ItemIds ids) : RankerFeature
    {
        public override void AddRows(QueryCall query, int queryRow, ReadOnlySpan<Candidate> candidates, ColumnBuffer target)
        {
            var values = (ColumnBuffer<long>)target;
            foreach (var candidate in candidates)
            {
                values.Add(ids.GetInt64(candidate.Row));
            }
        }
    }
}
