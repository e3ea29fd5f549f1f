namespace JobQueue.Jobs.Store;

/// <summary>Jobs that ended before these moments may go.</summary>
public sealed record RetentionCutoffs(DateTimeOffset DoneBefore, DateTimeOffset FailedBefore, DateTimeOffset AuditBefore);
