using System.Text.Json;
using JobQueue.Api.Json;
using JobQueue.Jobs.Events.Following;

namespace JobQueue.Api.Events;

/// <summary>Name and JSON of what a follower gets, whichever way it is sent.</summary>
internal static class EventData
{
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = ApiJson.Instance.Options.Encoder };

    public static string NameOf(FollowedEvent each) => each.Event is { } committed ? EventNames.Of(committed.Kind) : EventNames.Reset;

    public static void Write(Utf8JsonWriter json, FollowedEvent each, TimeProvider time)
    {
        if (each.Event is { } committed)
            JsonSerializer.Serialize(json, EventResponse.From(committed), ApiJson.Instance.EventResponse);
        else
            JsonSerializer.Serialize(json, new ResetResponse(EventNames.Reset, time.GetUtcNow()), ApiJson.Instance.ResetResponse);
    }
}
