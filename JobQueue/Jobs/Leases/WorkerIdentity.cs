namespace JobQueue.Jobs.Leases;

/// <summary>Who holds leases.</summary>
/// <param name="Name">As shown; a remote worker chooses it.</param>
/// <param name="InProcess">Whether the worker lives and dies with this server process.</param>
public sealed record WorkerIdentity(string Name, bool InProcess);
