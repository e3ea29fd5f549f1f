using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>Accepts new jobs.</summary>
internal sealed class SubmitWriter(WriterServices services) : WriterLoop(services)
{
    protected override async Task WriteAsync(IReadOnlyList<PostgresCommand> batch, CancellationToken cancellationToken)
    {
        var commands = batch.Cast<SubmitCommand>().ToList();
        var transaction = new SubmitTransaction(Services, Session, commands);
        var (writes, now) = await transaction.DecideAsync(cancellationToken);
        await CommitAsync(writes, now, cancellationToken);
    }
}
