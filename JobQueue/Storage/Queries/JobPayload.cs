using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Queries;

/// <summary>The large columns of a job.</summary>
internal sealed record JobPayload(JobId Id, byte[] Payload, byte[]? Result, byte[]? OriginalPayload);
