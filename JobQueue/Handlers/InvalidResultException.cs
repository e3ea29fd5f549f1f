namespace JobQueue.Handlers;

/// <summary>What a handler returned cannot be said in JSON.</summary>
internal sealed class InvalidResultException(Exception cause) : Exception($"The handler's result cannot be written as JSON: {cause.Message}", cause);
