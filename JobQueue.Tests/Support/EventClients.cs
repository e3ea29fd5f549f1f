namespace JobQueue.Tests.Support;

internal static class EventClients
{
    public static async Task<StreamedEvent> NextEventAsync(this IEventClient client) =>
        await client.NextAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The stream ended.");

    public static async Task<IReadOnlyList<StreamedEvent>> NextEventsAsync(this IEventClient client, int count)
    {
        var events = new List<StreamedEvent>();
        while (events.Count < count)
            events.Add(await client.NextEventAsync());
        return events;
    }

    /// <summary>Waits for the server to end the stream, whatever comes before.</summary>
    public static async Task UntilEndAsync(this IEventClient client)
    {
        while (await client.NextAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) is not null)
        {
        }
    }

    /// <summary>Follows as server-sent events or over a WebSocket.</summary>
    public static async Task<IEventClient> FollowAsync(this QueueApp app, string token, bool webSocket, string query = "", string? lastId = null) =>
        webSocket ? await SocketClient.OpenAsync(app, token, query, lastId) : await SseClient.OpenAsync(app, token, query, lastId);
}
