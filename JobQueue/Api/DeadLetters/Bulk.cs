using JobQueue.Jobs.Store;

namespace JobQueue.Api.DeadLetters;

/// <summary>Which dead letters, and whether only to count them.</summary>
internal sealed record Bulk(DeadLetterFilter Filter, bool DryRun);
