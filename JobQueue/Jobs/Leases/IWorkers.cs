namespace JobQueue.Jobs.Leases;

/// <summary>Who works here, whichever process of this store knows them. Thread-safe.</summary>
public interface IWorkers
{
    /// <summary>The pools of processes that are there, and remote workers that ask for jobs now or did a moment ago.</summary>
    ValueTask<IReadOnlyList<KnownWorker>> PresentAsync(CancellationToken cancellationToken);

    /// <summary>Every worker heard of within a day.</summary>
    ValueTask<IReadOnlyList<KnownWorker>> AllAsync(CancellationToken cancellationToken);
}
