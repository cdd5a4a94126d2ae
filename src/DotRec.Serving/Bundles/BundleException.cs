namespace DotRec.Serving;

/// <summary>A bundle cannot be read: it is damaged, incomplete, of a newer format, or not a bundle. Nothing was changed.</summary>
public sealed class BundleException : FormatException
{
    /// <summary>Makes the exception; the message says what is wrong, where, what was expected and what to do.</summary>
    public BundleException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="BundleException(string)"/>
    public BundleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
