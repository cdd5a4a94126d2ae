using System.CommandLine;

namespace DotRec.Cli;

/// <summary><c>dotrec train</c>: a model of anybody's data, without code: which items are chosen (retrieval), or what a row's label is (ranking).</summary>
internal static class TrainCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "train";

    private const string Retrieval = "retrieval";
    private const string Ranking = "ranking";

    public static Command Create()
    {
        var task = new Option<string>("--task")
        {
            Description = "What is learned. retrieval: which items are chosen, from who chose what. ranking: a label, from the other columns of its row. Options of one task say so.",
            DefaultValueFactory = _ => Retrieval,
        };
        task.OneOf(Retrieval, Ranking);
        var shared = new TrainingOptions();
        var (retrieval, ranking) = (new RetrievalTraining(shared), new RankingTraining(shared));
        IReadOnlyList<Option> ofRetrieval = [.. shared.OfRetrieval, .. retrieval.Own];
        var ofRanking = ranking.Own;

        var command = new Command(Name, "Train a model on a file and save it as a bundle.") { task };
        foreach (var option in shared.All.Concat(retrieval.Own).Concat(ofRanking))
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var isRanking = parsed.GetRequiredValue(task) == Ranking;
            RequireNone(parsed, isRanking ? ofRetrieval : ofRanking, isRanking ? Ranking : Retrieval);
            await (isRanking ? ranking.RunAsync(parsed, cancellation) : retrieval.RunAsync(parsed, cancellation));
        });
        return command;
    }

    private static void RequireNone(ParseResult parsed, IReadOnlyList<Option> foreign, string task)
    {
        if (foreign.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UserException($"{given.Name} is not for --task {task}{(task == Retrieval ? ", the default. Add --task ranking to predict a label" : "")}. Run 'dotrec train --help' for the options.");
        }
    }
}
