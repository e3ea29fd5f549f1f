using JobQueue.Jobs.Explanations;

namespace JobQueue.Api.Jobs;

/// <param name="Code">For programs.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record ExplanationReasonResponse(ExplanationCode Code, string Message);
