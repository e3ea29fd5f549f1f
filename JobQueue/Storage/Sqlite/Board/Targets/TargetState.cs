using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;

namespace JobQueue.Storage.Sqlite.Board.Targets;

/// <summary>A target as one tenant knows it. Written by the store's thread alone; other threads may read the breaker.</summary>
/// <param name="name">Scheme, host and port.</param>
internal sealed class TargetState(TenantState tenant, string name)
{
    private volatile Breaker? _breaker;

    public TenantState Tenant { get; } = tenant;

    public string Name { get; } = name;

    /// <summary>Null while it answers.</summary>
    public Breaker? Breaker
    {
        get => _breaker;
        set => _breaker = value;
    }

    /// <summary>Whether it is left alone until its breaker's pause is over.</summary>
    public bool Rests { get; set; }

    /// <summary>The tenant's calls to it that are under way.</summary>
    public int Running { get; set; }

    /// <summary>The tenant's jobs that wait for it, a siding for each lane.</summary>
    public List<Siding> Sidings { get; } = [];

    /// <summary>The job that is tried after a rest.</summary>
    public JobId? Probe { get; set; }

    /// <summary>Jobs in its sidings, as of the last change.</summary>
    public int Waiting { get; set; }

    /// <summary>Whether a call may go: any when it answers, one at a time when it has rested and nobody knows.</summary>
    public bool TakesCalls => !Rests && (Breaker is not { HasOpened: true } || Probe is null);

    public bool IsIdle => Breaker is null && Running == 0 && Sidings.Count == 0;
}
