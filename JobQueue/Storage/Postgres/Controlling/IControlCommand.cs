namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>What a person or a caller commands about jobs that exist, in a transaction of its own.</summary>
internal interface IControlCommand
{
    /// <summary>May be called again: after a rollback.</summary>
    Task DecideAsync(ControlTransaction transaction, CancellationToken cancellationToken);
}
