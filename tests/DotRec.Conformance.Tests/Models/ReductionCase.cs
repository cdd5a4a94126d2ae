using DotRec.Autodiff;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Conformance.Tests;

/// <summary>A model whose tasks reduce as they are told, and how often a sum counts: its examples, or its lists.</summary>
internal sealed record ReductionCase(RecommenderModel Model, int FirstCount, int? SecondCount = null)
{
    /// <summary>Models by name, made for a problem and the reductions of their first and, where they have one, second task.</summary>
    public static IReadOnlyDictionary<string, Func<ReductionProblem, LossReduction, LossReduction, ReductionCase>> All { get; } =
        new SortedDictionary<string, Func<ReductionProblem, LossReduction, LossReduction, ReductionCase>>(StringComparer.Ordinal)
        {
            ["two towers"] = (problem, first, _) => new(
                new TwoTowerModel(User(problem), Item(problem), new Retrieval { Reduction = first }), problem.Data.RowCount),
            ["ranking of examples"] = (problem, first, _) => new(
                Ranker(problem, "clicked", new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits) { Reduction = first }), problem.Data.RowCount),
            ["ranking of lists"] = (problem, first, _) => new(Ranker(problem, "rating", new Ranking(new ListSoftmax()) { Reduction = first }), problem.Queries),
            ["a task in a model of one's own"] = (problem, first, _) => new(new OneTask(problem, first), problem.Data.RowCount),
            ["a scalar of one's own"] = (problem, first, _) => new(new OwnScalar(problem, first), problem.Data.RowCount),
            ["two tasks"] = (problem, first, second) => new(new TwoTasks(problem, first, second), problem.Data.RowCount, problem.Data.RowCount),
            ["examples and lists"] = (problem, first, second) => new(new ExamplesAndLists(problem, first, second), problem.Data.RowCount, problem.Queries),
        };

    /// <summary>By what the gradient is greater than that of a mean.</summary>
    public double ScaleOf(LossReduction first, LossReduction second) => Math.Max(
        first == LossReduction.Sum ? FirstCount : 1, SecondCount is { } count && second == LossReduction.Sum ? count : 1);

    private static Tower User(ReductionProblem problem) => new(new StringLookup("user", problem.Data), Embedding(problem));

    private static Tower Item(ReductionProblem problem) => new(new StringLookup("item", problem.Data), Embedding(problem));

    private static Embedding Embedding(ReductionProblem problem) => new(4, Initializer.Normal(0.5)) { L2 = problem.L2 };

    private static RankingModel Ranker(ReductionProblem problem, string label, Ranking task) => new(
        new MlpNetwork(Fields.Of(problem.Data, ["user", "item"], new FieldOptions { EmbeddingDimension = 4, EmbeddingL2 = problem.L2 }), hidden: [4], l2: problem.L2), label, task)
    {
        QueryIdColumn = "user",
    };

    private abstract class OwnModel : RecommenderModel
    {
        protected OwnModel(ReductionProblem problem)
        {
            Weight = problem.Weight;
            Users = Use(User(problem), "users");
            Items = Use(Item(problem), "items");
            Head = Use(new Dense(1) { KernelL2 = problem.L2 }, "head");
        }

        protected double Weight { get; }

        protected Tower Users { get; }

        protected Tower Items { get; }

        protected Dense Head { get; }

        protected Tensor Score(Batch batch) => Head.Call(Tensor.Concatenate([Users.Forward(batch), Items.Forward(batch)]), batch.Context);
    }

    private sealed class OneTask(ReductionProblem problem, LossReduction reduction) : OwnModel(problem)
    {
        private readonly Retrieval _task = new() { Reduction = reduction };

        protected override Loss ComputeLoss(Batch batch) => _task.ComputeLoss(Users.Forward(batch), Items.Forward(batch));
    }

    private sealed class OwnScalar(ReductionProblem problem, LossReduction reduction) : OwnModel(problem)
    {
        protected override Loss ComputeLoss(Batch batch)
        {
            var error = (Users.Forward(batch) * Items.Forward(batch)).Sum(-1) - Tensor.From(batch.Get<float>("rating"), batch.RowCount);
            var squares = error * error;
            return reduction == LossReduction.Sum ? Loss.Sum(squares.Sum(), batch.RowCount) : Loss.Mean(squares.Mean(), batch.RowCount);
        }
    }

    private sealed class TwoTasks(ReductionProblem problem, LossReduction first, LossReduction second) : OwnModel(problem)
    {
        private readonly Retrieval _retrieval = new() { Reduction = first };
        private readonly Ranking _rating = new(PointwiseLoss.SquaredError) { Reduction = second };

        protected override Loss ComputeLoss(Batch batch) =>
            _retrieval.ComputeLoss(Users.Forward(batch), Items.Forward(batch)).Named("retrieval")
            + (_rating.ComputeLoss(Score(batch), batch.Get<float>("rating")).Named("rating") * Weight);
    }

    private sealed class ExamplesAndLists(ReductionProblem problem, LossReduction first, LossReduction second) : OwnModel(problem)
    {
        private readonly Ranking _clicks = new(PointwiseLoss.BinaryCrossEntropyOfLogits) { Reduction = first };
        private readonly Ranking _order = new(new PairwiseLogistic()) { Reduction = second };

        protected override string? GroupColumn => "user";

        protected override Loss ComputeLoss(Batch batch)
        {
            var scores = Score(batch);
            return _clicks.ComputeLoss(scores, batch.Get<float>("clicked"))
                + (_order.ComputeLoss(scores, batch.Get<float>("rating"), lists: batch.Groups("user")) * Weight);
        }
    }
}
