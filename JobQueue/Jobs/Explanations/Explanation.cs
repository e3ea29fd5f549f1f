using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Explanations;

/// <summary>Why a job is where it is.</summary>
/// <param name="Reasons">Every reason that holds now.</param>
/// <param name="Ahead">Jobs of the same tenant that come first; <see langword="null"/> when that says nothing.</param>
/// <param name="AheadAtLeast">Whether <paramref name="Ahead"/> is where the counting stopped.</param>
/// <param name="EstimatedStartAt">From recent throughput, where there is one.</param>
public sealed record Explanation(
    JobStatus Status, IReadOnlyList<ExplanationReason> Reasons, int? Ahead, bool AheadAtLeast, DateTimeOffset? EstimatedStartAt);
