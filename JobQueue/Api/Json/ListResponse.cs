namespace JobQueue.Api.Json;

/// <summary>One page of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="NextCursor">Send it as <c>cursor</c> to get the next page; null on the last one.</param>
internal sealed record ListResponse<T>(IReadOnlyList<T> Items, string? NextCursor);
