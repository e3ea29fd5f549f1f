namespace JobQueue.Storage.Queries.DeadLetters;

/// <summary>Failures of the same kind, together.</summary>
/// <param name="Message">The latest failure's.</param>
public sealed record DeadLetterGroup(
    string Tenant, string Type, string Fingerprint, string Message, int Count, DateTimeOffset FirstDeadAt, DateTimeOffset LastDeadAt);
