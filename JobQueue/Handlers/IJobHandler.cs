namespace JobQueue.Handlers;

/// <summary>
/// Does the work of one job type. A new type is one class that implements this; it is found by dependency injection
/// (singleton, so it must be thread-safe).
/// </summary>
public interface IJobHandler
{
    /// <summary>The type's name, as in submissions.</summary>
    static abstract string Type { get; }

    /// <summary>What the type does, for <c>GET /types</c> and the submit page.</summary>
    static abstract HandlerDescription Description { get; }

    /// <summary>Runs one attempt.</summary>
    /// <returns>The result as JSON, or <see langword="null"/> for none.</returns>
    /// <exception cref="PermanentJobException">Trying again cannot help: straight to the dead letter queue.</exception>
    /// <exception cref="RetryAfterException">Try again, but not before the time it carries.</exception>
    /// <remarks>Any other exception is a failed attempt, retried while retries are left. The token is cancelled on timeout,
    /// on a cancel request, when the lease is lost and when the server stops.</remarks>
    Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken);
}
