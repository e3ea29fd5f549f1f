namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// Ready jobs that are served in order: those of a lane, or those of it that wait for one target. Written by the store's thread alone.
/// </summary>
/// <param name="id">Under which they stand in the table of ready jobs.</param>
/// <param name="count">How many there are.</param>
internal abstract class ReadyLine(int id, int count)
{
    public int Id { get; } = id;

    /// <summary>The lane that counts these jobs.</summary>
    public abstract Lane Home { get; }

    public abstract int Count { get; set; }

    /// <summary>Whether none of its jobs may run now, whoever asks.</summary>
    public abstract bool IsHeldUp { get; }

    /// <summary>Whether it is among its tenant's open lines: a job is ready, and nothing holds it up.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether its first job may run now, if a worker takes it.</summary>
    public bool IsRunnable => IsOpen && Home.Tenant.Place is not null;

    /// <summary>Whether something may have become runnable here since leases were last given out.</summary>
    public bool Stirred { get; set; }

    /// <summary>Whether the transaction under way has looked at it for long enough.</summary>
    public bool IsPassedOver { get; set; }

    /// <summary>
    /// Not worse than the first ready job; exact unless that job was taken out by a cancel, which looking at the line mends.
    /// Meaningless while none is ready.
    /// </summary>
    public ReadyKey Head { get; set; }

    /// <summary>Its ready jobs in order.</summary>
    public ReadyJobs Ready { get; } = new(id, count);
}
