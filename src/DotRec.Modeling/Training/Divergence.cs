using System.Globalization;

namespace DotRec.Modeling;

/// <summary>Compares the loss of the first batch, whose weights nothing was learned by, with that at the end: training that makes it greater does harm.</summary>
/// <param name="firstLoss">Mean loss of the first batch, before the first step.</param>
/// <param name="rows">Rows of that batch.</param>
internal sealed class Divergence(double firstLoss, int rows)
{
    // The loss of fewer rows is chance.
    private const int MinRows = 32;
    private const double Growth = 2;

    /// <summary>A warning when the last epoch's loss is far above the first batch's, else null.</summary>
    public string? WarningAfter(double lastLoss) => rows < MinRows || !(firstLoss > 0) || lastLoss <= Growth * firstLoss ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"Training diverged: the loss of the last epoch is {lastLoss:G3}; it was {firstLoss:G3} before the first step. Lower the learning rate.");
}
