namespace DotRec.Features;

/// <summary>What <see cref="TextVectorization"/> does to a text before it splits it at white space.</summary>
[Flags]
public enum TextStandardization
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Every code point becomes its simple lower-case form, without regard to language.</summary>
    Lowercase = 1,

    /// <summary>The 32 punctuation marks of ASCII are removed (Keras' set): <c>!"#$%&amp;'()*+,-./:;&lt;=&gt;?@[\]^_`{|}~</c>.</summary>
    StripPunctuation = 2,

    /// <summary>Both, Keras' default.</summary>
    LowercaseAndStripPunctuation = Lowercase | StripPunctuation,
}
