namespace JobQueue.Handlers;

/// <summary>A job type with what people need to know of it and the handler that runs it.</summary>
internal sealed class HandlerEntry(string type, HandlerDescription description, IJobHandler handler)
{
    public string Type { get; } = type;

    public HandlerDescription Description { get; } = description;

    public IJobHandler Handler { get; } = handler;
}
