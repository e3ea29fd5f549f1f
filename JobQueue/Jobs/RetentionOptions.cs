using System.ComponentModel.DataAnnotations;
using JobQueue.Jobs.Store;

namespace JobQueue.Jobs;

/// <summary>Section <c>Retention</c>: how long what has ended is kept, in days.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Done jobs, from their end.</summary>
    [Range(0.0, 36_500.0)]
    public double DoneDays { get; set; } = 7;

    /// <summary>Failed jobs with their dead letters, from their end.</summary>
    [Range(0.0, 36_500.0)]
    public double FailedDays { get; set; } = 30;

    /// <summary>Entries of the audit log.</summary>
    [Range(1.0, 36_500.0)]
    public double AuditDays { get; set; } = 365;

    internal RetentionCutoffs CutoffsAt(DateTimeOffset now) => new(
        now - TimeSpan.FromDays(DoneDays), now - TimeSpan.FromDays(FailedDays), now - TimeSpan.FromDays(AuditDays));
}
