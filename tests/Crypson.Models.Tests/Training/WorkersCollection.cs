namespace Crypson.Models.Tests.Training;

/// <summary>Tests that change the number of threads of the process run alone.</summary>
[CollectionDefinition("workers", DisableParallelization = true)]
public sealed class WorkersCollection;
