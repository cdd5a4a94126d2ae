using DotRec.Tutorials;

return TutorialProgram.Run(args, [new DcnToy(), new DcnMovieLens(), new BasicRanking(), new UnifiedEmbeddingTables()], Console.Out, Console.Error);
