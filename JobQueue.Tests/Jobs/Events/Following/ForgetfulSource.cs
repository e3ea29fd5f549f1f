using JobQueue.Jobs.Events;

namespace JobQueue.Tests.Jobs.Events.Following;

/// <summary>A store of one process that tells at once and keeps nothing.</summary>
internal sealed class ForgetfulSource : IEventSource
{
    public EventIds Ids { get; } = new(new byte[EventIds.KeyBytes]);

    public EventPosition Begins => EventPosition.Start;

    public bool KeepsEvents => false;

    public Task WhenToldAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<EventsRead?> ReadAsync(
        EventPosition after, EventPosition upTo, EventFilter filter, CancellationToken cancellationToken) => default;
}
