using System.Text.Json;
using JobQueue.Jobs;

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

/// <summary>What people and programs need to know to submit a job of a type.</summary>
/// <param name="Summary">One sentence.</param>
/// <param name="PayloadSchema">JSON Schema of the payload.</param>
/// <param name="Example">A payload that works.</param>
public sealed record HandlerDescription(string Summary, string PayloadSchema, string Example);

/// <summary>What an attempt knows and may say.</summary>
public sealed class JobContext
{
    private readonly Func<JobProgress?, string?, ValueTask> _report;

    internal JobContext(Job job, Func<JobProgress?, string?, ValueTask> report) => (Job, _report) = (job, report);

    /// <summary>The job, as leased.</summary>
    public Job Job { get; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt => Job.Attempts;

    /// <summary>Shows how far the attempt is. Cheap: reports are coalesced to a few a second.</summary>
    public ValueTask ReportProgressAsync(double? percent, string? message = null) => _report(new JobProgress(percent, message), null);

    /// <summary>Adds a line to the job's log. Cheap: lines are written together a few times a second.</summary>
    public ValueTask LogAsync(string line) => _report(null, line);

    /// <summary>Reads the payload, or ends the job as a permanent error that names what is wrong with it.</summary>
    public T Payload<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Job.Payload.Span, type)
                ?? throw new PermanentJobException("The payload is null; this type needs an object.");
        }
        catch (JsonException exception)
        {
            throw new PermanentJobException($"The payload does not fit the type {Job.Type}: {exception.Message}", exception);
        }
    }
}

/// <summary>The attempt failed in a way that no retry can mend.</summary>
public sealed class PermanentJobException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The attempt failed, and the target asked for a pause.</summary>
public sealed class RetryAfterException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
