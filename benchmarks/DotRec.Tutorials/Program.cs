using DotRec.Tutorials;

return TutorialProgram.Run(args, [new DcnToy(), new DcnMovieLens(), new BasicRanking(), new ListwiseRanking(), new UnifiedEmbeddingTables(),
    new BasicRetrieval(), new ContextFeatures(), new DeepRetrieval(), new Multitask(), new SequentialRetrieval(), new EfficientServing()], Console.Out, Console.Error);
