using System.Globalization;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Times written as text, such as 2017-11-07 09:30:38, as seconds, so that rows can be put in their order.</summary>
internal static class TimeColumn
{
    /// <exception cref="InvalidDataException">A text is no time.</exception>
    public static FeatureBatch Parse(FeatureBatch data, string name, string file) => data.TryGet(name, out var column) && column is Column<string> { Schema.IsJagged: false } texts
        ? data.With(new Column<long>(name, [.. texts.Values.ToArray().Select((text, row) =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUnixTimeSeconds()
                : throw new InvalidDataException($"{file}: row {row + 1} has '{text}' in column '{name}'; a time such as 2017-11-07 09:30:38 was expected."))]))
        : data;
}
