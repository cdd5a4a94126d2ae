using DotRec.Tutorials;

return TutorialProgram.Run(args, [new DcnToy(), new DcnMovieLens(), new BasicRanking(), new ListwiseRanking(), new UnifiedEmbeddingTables()], Console.Out, Console.Error);
