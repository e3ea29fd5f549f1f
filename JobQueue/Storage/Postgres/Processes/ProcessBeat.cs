using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Processes;

/// <summary>
/// Tells the other processes that this one is there and whom it knows: at once when that changes, and every few seconds. A process that
/// stops in good order takes its row with it; the row of one that dies falls silent.
/// </summary>
internal sealed partial class ProcessBeat(
    WorkerDirectory workers, ServerProcess process, PostgresConnections connections, TimeProvider time, ILogger<ProcessBeat> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    private string? _told;
    private long? _beatAt;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(trip => trip.Write("leave", null, Sent.Value(process.Name)), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        await TryAsync(trip => trip.Write("forget_processes", null), stoppingToken);
        do
        {
            var (known, now, began) = (workers.All(), time.GetUtcNow(), time.GetTimestamp());
            // Apart from when they were heard of.
            var who = ToldWorkers.Write(known.Select(worker => worker with { LastHeard = now }), now);
            if (who == _told && _beatAt is { } last && time.GetElapsedTime(last) < Beat)
                continue;
            var text = ToldWorkers.Write(known, now);
            if (await TryAsync(trip => trip.Write("beat", 1, Sent.Value(process.Name), Sent.Value(text)), stoppingToken))
                (_told, _beatAt) = (who, began);
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>False when the database is away: the writers say so, and the next beat tries again.</returns>
    private async Task<bool> TryAsync(Action<RoundTrip> say, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
            var trip = new RoundTrip(connection);
            say(trip);
            await trip.RunAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException || PostgresErrors.IsGone(exception))
        {
            return false;
        }
        catch (NpgsqlException exception)
        {
            LogNotSaid(logger, exception);
            return false;
        }
    }

    [LoggerMessage(2041, LogLevel.Warning, "The other processes could not be told of this one")]
    private static partial void LogNotSaid(ILogger logger, Exception exception);
}
