namespace JobQueue.Handlers.Command.Processes;

/// <summary>A program that runs, together with what it has started. Disposing it ends all of it.</summary>
internal interface IProgram : IAsyncDisposable
{
    /// <summary>
    /// Ends as the program does: with its exit code, or 128 and the number of the signal that killed it, as shells count.
    /// </summary>
    Task<int> ExitCode { get; }

    /// <summary>
    /// What it writes, to standard output and standard error together. To be walked through once; it must be, or a program that
    /// writes much stands still. A piece is gone when the next one is asked for.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> OutputAsync();

    /// <summary>Kills it and its descendants. Does nothing once it has ended. Any thread may call it.</summary>
    void Kill();
}
