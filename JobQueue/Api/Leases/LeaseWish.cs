namespace JobQueue.Api.Leases;

/// <summary>What a worker asks for.</summary>
internal sealed record LeaseWish(
    string Worker, IReadOnlySet<string>? Queues, IReadOnlySet<string>? Types, int Max, TimeSpan Duration, TimeSpan Wait);
