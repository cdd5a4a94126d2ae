namespace DotRec.Benchmarks;

/// <summary>Options of a quick command, each with a value: <c>--seeds 3 --json out.json</c>. A run takes minutes, so a slip must not start one.</summary>
internal static class PairedOptions
{
    /// <summary>The values by name, or null after printing the usage: an option is unknown, given twice or without its value.</summary>
    /// <param name="arguments">What follows the name of the command.</param>
    /// <param name="usage">Printed with what is wrong.</param>
    /// <param name="known">Names of the options, with their dashes.</param>
    public static Dictionary<string, string>? Read(string[] arguments, string usage, params ReadOnlySpan<string> known)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            var slip = !known.Contains(name) ? $"There is no option '{name}'."
                : i + 1 == arguments.Length ? $"{name} stands alone; a value must follow it."
                : !options.TryAdd(name, arguments[i + 1]) ? $"{name} is given twice." : null;
            if (slip is not null)
            {
                Console.Error.WriteLine($"{slip} Usage: {usage}");
                return null;
            }
        }

        return options;
    }
}
