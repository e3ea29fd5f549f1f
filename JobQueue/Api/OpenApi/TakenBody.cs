namespace JobQueue.Api.OpenApi;

/// <summary>A body that a call takes.</summary>
internal sealed record TakenBody(Type Type, bool Optional);
