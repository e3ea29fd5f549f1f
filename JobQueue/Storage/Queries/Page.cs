namespace JobQueue.Storage.Queries;

/// <summary>One page of a list, and where the next one begins.</summary>
/// <param name="NextCursor">Opaque; <see langword="null"/> at the end. It may be set although the page is short or empty.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
