namespace JobQueue.Handlers.Command.Processes;

/// <summary>A program to start.</summary>
/// <param name="Path">Its file, absolute.</param>
/// <param name="Arguments">Each reaches it as it is: no shell looks at them.</param>
/// <param name="Environment">All of it: nothing is added.</param>
/// <param name="Folder">Its working directory, absolute.</param>
internal sealed record ProgramStart(
    string Path, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Folder)
{
    /// <exception cref="ProgramNotStartedException">It cannot be started.</exception>
    public IProgram Start() => SessionProgram.IsPossible ? SessionProgram.Start(this) : new PlainProgram(this);
}
