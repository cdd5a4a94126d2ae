using System.Globalization;

namespace DotRec.Indexing;

/// <summary>
/// The id of an item: a text or a 64-bit integer, without boxing. Texts, integers and <see cref="Guid"/> (36 lower-case characters) turn into one by
/// themselves, so a list of ids is <c>["a", "b"]</c>, <c>[1, 2]</c> or, of ids kept elsewhere, <c>[.. seen]</c>. A text and an integer are never equal.
/// </summary>
public readonly struct ItemId : IEquatable<ItemId>
{
    private readonly string? _text;
    private readonly long _number;

    /// <summary>A text id.</summary>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    public ItemId(string text) => _text = text ?? throw new ArgumentNullException(nameof(text), "An item id is null. Every item needs an id.");

    /// <summary>An integer id.</summary>
    public ItemId(long number) => _number = number;

    /// <summary>Whether it is a text or an integer.</summary>
    public ItemIdType Type => _text is null ? ItemIdType.Int64 : ItemIdType.String;

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The id is an integer.</exception>
    public string Text => _text ?? throw new InvalidOperationException($"The item id {_number} is an integer, not a text. Use {nameof(Number)}, or ToString for either.");

    /// <summary>The integer.</summary>
    /// <exception cref="InvalidOperationException">The id is a text.</exception>
    public long Number => _text is null ? _number : throw new InvalidOperationException($"The item id \"{_text}\" is a text, not an integer. Use {nameof(Text)}, or ToString for either.");

    /// <summary>The id as a string or a boxed long.</summary>
    public object Value => _text is null ? _number : _text;

    /// <summary>The text of a text id, the invariant digits of an integer.</summary>
    public override string ToString() => _text ?? _number.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(ItemId other) => _text is null ? other._text is null && _number == other._number : string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ItemId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? _number.GetHashCode() : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>True when both are the same text or the same integer.</summary>
    public static bool operator ==(ItemId left, ItemId right) => left.Equals(right);

    /// <summary>True when they differ.</summary>
    public static bool operator !=(ItemId left, ItemId right) => !left.Equals(right);

    /// <summary>A text id.</summary>
    public static implicit operator ItemId(string text) => new(text);

    /// <summary>An integer id.</summary>
    public static implicit operator ItemId(long number) => new(number);

    /// <summary>An integer id.</summary>
    public static implicit operator ItemId(int number) => new((long)number);

    /// <summary>A text id.</summary>
    public static implicit operator ItemId(Guid id) => new(id.ToString("D", CultureInfo.InvariantCulture));

    /// <inheritdoc cref="ItemId(string)"/>
    public static ItemId FromString(string text) => new(text);

    /// <inheritdoc cref="ItemId(long)"/>
    public static ItemId FromInt64(long number) => new(number);

    /// <summary>The text id of 36 lower-case characters.</summary>
    public static ItemId FromGuid(Guid id) => id;
}
