namespace JobQueue.Jobs.Leases;

/// <summary>Who holds leases.</summary>
/// <param name="Name">As shown; a remote worker chooses it.</param>
/// <param name="Process">The server process that the worker lives and dies with; <see langword="null"/> for a remote worker.</param>
public sealed record WorkerIdentity(string Name, string? Process = null)
{
    public bool InProcess => Process is not null;
}
