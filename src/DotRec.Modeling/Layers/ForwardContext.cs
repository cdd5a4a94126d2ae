namespace DotRec.Modeling;

/// <summary>What a layer may need to know beyond its input.</summary>
public sealed class ForwardContext
{
    private readonly ulong _seed;
    private ulong _drawn;

    private ForwardContext(bool isTraining, ulong seed, TowerExport? export = null)
    {
        IsTraining = isTraining;
        Export = export;
        _seed = seed;
    }

    /// <summary>The context outside training: dropout and the like do nothing.</summary>
    public static ForwardContext Inference { get; } = new(isTraining: false, seed: 0);

    /// <summary>True in a training step.</summary>
    public bool IsTraining { get; }

    /// <summary>Set while the pass is written as an ONNX graph.</summary>
    internal TowerExport? Export { get; }

    /// <summary>A fresh seed for a random choice of this step; the same step of the same run always gives the same seeds.</summary>
    public ulong NextSeed() => unchecked((_seed + (++_drawn * 0x9E3779B97F4A7C15UL)) * 0xD1342543DE82EF95UL);

    internal static ForwardContext Training(ulong seed, long step) => new(isTraining: true, unchecked((seed * 0x2545F4914F6CDD1DUL) + (ulong)step));

    internal static ForwardContext Tracing(TowerExport export) => new(isTraining: false, seed: 0, export);
}
