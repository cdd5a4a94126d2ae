namespace DotRec.Data;

/// <summary>Which comes first in a date such as 5/1/2024.</summary>
public enum DateOrder
{
    /// <summary>The day: 5 January 2024.</summary>
    DayFirst,

    /// <summary>The month: May 1st, 2024.</summary>
    MonthFirst,
}
