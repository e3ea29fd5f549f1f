using JobQueue.Handlers.Payloads;

namespace JobQueue.Handlers;

/// <summary>The job type that a class of <see cref="IJobHandler{TPayload}"/> makes.</summary>
internal sealed class TypedHandler<THandler, TPayload>(THandler handler) : HandlerEntry(
    THandler.Type, THandler.Summary, PayloadFormat<TPayload>.Schema, PayloadFormat<TPayload>.Example(THandler.Example))
    where THandler : IJobHandler<TPayload>
{
    public override string Origin => $"{typeof(THandler).FullName} in {typeof(THandler).Assembly.GetName().Name}";

    public override string? PayloadError(ReadOnlyMemory<byte> payload) => PayloadFormat<TPayload>.Error(payload);

    public override async ValueTask<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var payload = PayloadFormat<TPayload>.Read(context.Job.Payload);
        return HandlerJson.Write(await handler.RunAsync(payload, context, cancellationToken));
    }
}
