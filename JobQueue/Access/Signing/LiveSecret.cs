namespace JobQueue.Access.Signing;

/// <summary>A signing secret that is in use, without itself.</summary>
internal sealed record LiveSecret(Guid Id, DateTimeOffset CreatedAt);
