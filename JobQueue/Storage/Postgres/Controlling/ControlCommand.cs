using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Controlling;

/// <inheritdoc cref="IControlCommand"/>
internal abstract class ControlCommand<T>(CancellationToken cancellationToken) : PostgresCommand<T>(cancellationToken), IControlCommand
{
    public override bool Refusable => false;

    public override bool Alone => true;

    public async Task DecideAsync(ControlTransaction transaction, CancellationToken cancellationToken) =>
        Result = await RunAsync(transaction, cancellationToken);

    protected abstract Task<T> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken);
}
