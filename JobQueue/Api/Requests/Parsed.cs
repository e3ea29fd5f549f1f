using JobQueue.Api.Problems;

namespace JobQueue.Api.Requests;

/// <summary>A body's content, or why there is none.</summary>
internal readonly record struct Parsed<T>(T? Value, Problem? Problem);
