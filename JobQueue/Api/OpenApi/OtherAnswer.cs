namespace JobQueue.Api.OpenApi;

/// <summary>A second shape that an answer may have.</summary>
internal sealed record OtherAnswer(int Status, Type Type);
