namespace DotRec.Benchmarks;

/// <summary>Adult (Kohavi and Becker, 1996): whether somebody earns more than 50,000 a year. It has a test file of its own, so seeds change nothing but the training.</summary>
internal sealed class AdultData : ClickData
{
    public override string Name => "Adult";

    public override string File => "adult.zip";

    public override IReadOnlyList<string> Header { get; } =
    [
        "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race", "sex", "capital_gain", "capital_loss",
        "hours_per_week", "native_country", "income",
    ];

    public override string Label => "income";

    public override ClickRows Read(string folder, ulong seed) => new(Rows(folder, "adult.data"), Rows(folder, "adult.test"));

    // The test file begins with a remark and ends its labels with a full stop; '?' is a missing value.
    private string[][] Rows(string folder, string entry) =>
    [
        .. Lines(folder, entry).Where(line => !line.StartsWith('|'))
            .Select(line => Array.ConvertAll(line.TrimEnd('.').Split(','), field => field.Trim() is "?" ? "" : field.Trim())),
    ];
}
