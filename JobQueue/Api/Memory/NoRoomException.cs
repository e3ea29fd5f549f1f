namespace JobQueue.Api.Memory;

/// <summary>Too many large calls are under way: memory is kept bounded, the caller should come again.</summary>
internal sealed class NoRoomException() : Exception("Too many large requests and answers are under way. Try again in a second.");
