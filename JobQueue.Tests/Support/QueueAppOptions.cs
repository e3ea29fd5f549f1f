using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support;

/// <summary>How a server under test differs from the one that people start.</summary>
internal sealed record QueueAppOptions
{
    /// <summary>On top of a database and a log directory of its own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>A clock that the test moves; the real one when absent.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Whether a demo begins with the sample database, as people's does, or empty.</summary>
    public bool Sample { get; init; }

    /// <summary>Adds or replaces services.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>The folder for database, keys and logs. It is left alone when given, else it is made and deleted.</summary>
    public string? Folder { get; init; }
}
