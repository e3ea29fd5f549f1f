namespace JobQueue.Jobs.Store;

/// <param name="Matched">Dead letters that met the filter when the call began.</param>
/// <param name="Changed">How many of them were changed; 0 for a dry run.</param>
public sealed record BulkResult(int Matched, int Changed);
