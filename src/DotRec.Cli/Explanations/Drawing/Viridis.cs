namespace DotRec.Cli;

/// <summary>Viridis, the colour map of matplotlib: brightness grows evenly, also for the colour-blind and in grey. Between nine of its colours, a straight line.</summary>
internal static class Viridis
{
    private static ReadOnlySpan<uint> Stops => [0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725];

    /// <summary>The colour of a share, 0xRRGGBB.</summary>
    /// <param name="share">0 (dark) … 1 (bright).</param>
    public static uint At(double share)
    {
        var place = Math.Clamp(share, 0, 1) * (Stops.Length - 1);
        var stop = Math.Min((int)place, Stops.Length - 2);
        return Mixed(16) | Mixed(8) | Mixed(0);

        uint Mixed(int shift)
        {
            var (from, to) = ((Stops[stop] >> shift) & 0xFF, (Stops[stop + 1] >> shift) & 0xFF);
            return (uint)Math.Round(from + ((place - stop) * ((double)to - from))) << shift;
        }
    }
}
