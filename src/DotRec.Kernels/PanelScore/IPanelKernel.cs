namespace DotRec.Kernels;

/// <summary>One variant of the panel scores: see <see cref="PanelKernels"/> for the layout. Pointers to panels, scales and scores lie on cache lines.</summary>
internal unsafe interface IPanelKernel : IKernel
{
    /// <summary>Scores one query against the 64 rows of a panel.</summary>
    /// <param name="query">[D].</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="panel">[D, 64].</param>
    /// <param name="scales">[64]: one factor a row, for functions that use it.</param>
    /// <param name="threshold">Only greater scores matter.</param>
    /// <param name="scores">[64], written.</param>
    /// <returns>One bit a row, lowest first: its score is greater than the threshold.</returns>
    static abstract ulong ScoreOne<TScore>(float* query, int dimension, float* panel, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore;

    /// <summary>Scores four queries at once, bit for bit as one at a time.</summary>
    /// <param name="queries">[4, D].</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="panel">[D, 64].</param>
    /// <param name="scales">[64].</param>
    /// <param name="thresholds">[4].</param>
    /// <param name="scores">[4, 64], written.</param>
    /// <param name="above">[4], written: one bit a row, its score is greater than the query's threshold.</param>
    static abstract void ScoreFour<TScore>(
        float* queries, int dimension, float* panel, float* scales, float* thresholds, float* scores, ulong* above)
        where TScore : struct, IPanelScore;
}
