using JobQueue.Jobs.Store;
using JobQueue.Workers.Held;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers.Housekeeping;

/// <summary>
/// Keeps the leases of this process alive, all in one write, three times in a lease. Where others take over what it could not extend, it
/// stops the handlers whose leases have ended.
/// </summary>
internal sealed class LeaseKeeper(
    IJobLeases store, HeldJobs held, TimeProvider time, IOptions<WorkersOptions> options, ILogger<LeaseKeeper> logger) : BackgroundService
{
    private const int TicksInALease = 15;

    /// <summary>Three times in a lease.</summary>
    private const int TicksOfAnExtension = 5;

    private readonly TimeSpan _duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    // It runs from the start, not from whenever the thread pool gets to this service: leases are given out meanwhile.
    private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(options.Value.LeaseSeconds) / TicksInALease, time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (extending, ticks) = (Task.CompletedTask, 0);
        while (await _timer.NextAsync(stoppingToken))
        {
            if (store.OthersTakeOver)
                LoseExpired();
            if (++ticks % TicksOfAnExtension == 0 && extending.IsCompleted)
                extending = TryExtendAsync(stoppingToken);
            // A store of this process alone is waited for: what it does not extend nobody takes over.
            if (!store.OthersTakeOver)
                await extending;
        }

        await extending;
    }

    private async Task TryExtendAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ExtendAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            WorkersLog.ExtendFailed(logger, exception, _duration.TotalSeconds / TicksInALease * TicksOfAnExtension);
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task ExtendAsync(CancellationToken cancellationToken)
    {
        var jobs = held.All.ToList();
        if (jobs.Count == 0)
            return;
        var askedAt = time.GetTimestamp();
        var lost = await store.ExtendAsync([.. jobs.Select(job => job.Token)], _duration, cancellationToken);
        foreach (var job in jobs)
            job.Extended(askedAt);
        foreach (var token in lost)
            held.Lose(token);
    }

    private void LoseExpired()
    {
        foreach (var job in held.All)
        {
            if (job.SinceExtended >= _duration)
                held.Lose(job.Token);
        }
    }
}
