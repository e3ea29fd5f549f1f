namespace JobQueue.Storage.Queries;

/// <summary>A cursor that no page of ours gave out.</summary>
public sealed class InvalidCursorException() : Exception("The cursor is not one that this server gave out. Leave it out to start at the first page.");
