namespace DotRec.Features.Tests;

/// <summary>Asserts that an argument is refused with a message that says what is wrong.</summary>
internal static class Refusal
{
    public static void Of(Func<object> action, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    public static void Of(Action action, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
