namespace JobQueue.Storage.Model.Tenants;

/// <summary>A target whose last call by a tenant failed.</summary>
internal sealed class BreakerRow
{
    public int TenantId { get; set; }

    /// <summary>Scheme, host and port.</summary>
    public required string Target { get; set; }

    /// <summary>In a row.</summary>
    public int Failures { get; set; }

    public DateTimeOffset FirstFailedAt { get; set; }

    /// <summary>Of the latest failure.</summary>
    public required string ErrorType { get; set; }

    /// <summary>How long it is left alone at a time; 0 until it failed often enough.</summary>
    public long PauseMilliseconds { get; set; }

    /// <summary>When the row was written.</summary>
    public DateTimeOffset KnownAt { get; set; }

    /// <summary>How long it was to be left alone then.</summary>
    public long RestMilliseconds { get; set; }
}
