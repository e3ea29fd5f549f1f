namespace JobQueue.Api.OpenApi;

/// <summary>An example of an answer that is plain text.</summary>
internal sealed record TextExample(int Status, string Text);
