namespace JobQueue.Commands;

/// <summary>
/// A verb that reads or changes the database. While a server owns it the verb runs inside that server, so there is one writer
/// and the effect is immediate; else it runs in the process of the command.
/// </summary>
/// <typeparam name="TArguments">What the command line said; travels as JSON.</typeparam>
internal interface IDatabaseVerb<in TArguments>
{
    /// <summary>As on the command line: <c>tokens create</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Does it.</summary>
    /// <returns>What goes to standard output.</returns>
    /// <exception cref="WrongUsageException">The arguments make no sense.</exception>
    /// <exception cref="CommandFailedException">It could not be done.</exception>
    Task<string> RunAsync(TArguments arguments, CancellationToken cancellationToken);
}
