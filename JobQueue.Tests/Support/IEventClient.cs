namespace JobQueue.Tests.Support;

/// <summary>A client that follows events, whichever way. Disposing it cuts it off.</summary>
internal interface IEventClient : IAsyncDisposable
{
    /// <summary>Where the stream began, as the answer's header says.</summary>
    string StartId { get; }

    /// <summary>The next event; <see langword="null"/> when the server has ended the stream.</summary>
    Task<StreamedEvent?> NextAsync();
}
