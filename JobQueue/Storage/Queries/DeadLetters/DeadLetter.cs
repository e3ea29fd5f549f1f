using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Queries.DeadLetters;

/// <summary>An entry of the dead letter queue.</summary>
public sealed record DeadLetter(
    JobId JobId,
    string Tenant,
    string Queue,
    string Type,
    FailReason Reason,
    JobError Error,
    string Fingerprint,
    int Attempts,
    DateTimeOffset DeadAt,
    ReadOnlyMemory<byte> Payload);
