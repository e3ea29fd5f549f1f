using System.ComponentModel;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Jobs;

/// <summary>Why a job is where it is.</summary>
internal sealed record ExplanationResponse(
    JobStatus Status,
    [property: Description("Every reason that holds now.")] IReadOnlyList<ExplanationReasonResponse> Reasons,
    [property: Description("Jobs of the same tenant that come first, counted to 1,000; null when that says nothing.")] int? Ahead,
    [property: Description("Whether there are more than that.")] bool AheadAtLeast,
    [property: Description("From recent throughput, where there is one.")] DateTimeOffset? EstimatedStartAt)
{
    public static ExplanationResponse From(Explanation explanation) => new(
        explanation.Status,
        [.. explanation.Reasons.Select(reason => new ExplanationReasonResponse(reason.Code, reason.Message))],
        explanation.Ahead,
        explanation.AheadAtLeast,
        explanation.EstimatedStartAt);
}
