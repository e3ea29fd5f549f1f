using JobQueue.Api.Problems;

namespace JobQueue.Api.OpenApi;

/// <summary>Errors of a call.</summary>
internal sealed record FailingWith(IReadOnlyList<ProblemKind> Kinds);
