namespace JobQueue.Api.OpenApi;

/// <summary>The status codes of a call's own errors; those that every call has are added to them.</summary>
internal sealed record FailingWith(IReadOnlyList<int> StatusCodes);
