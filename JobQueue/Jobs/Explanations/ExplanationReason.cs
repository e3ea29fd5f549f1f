namespace JobQueue.Jobs.Explanations;

/// <param name="Code">For programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ExplanationReason(ExplanationCode Code, string Message);
