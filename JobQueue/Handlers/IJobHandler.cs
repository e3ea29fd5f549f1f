using JobQueue.Jobs.Model;

namespace JobQueue.Handlers;

/// <summary>
/// Does the work of one job type. A new type is one class that implements this: it is found in the assembly, made once when the
/// program starts, with its constructor's parameters injected, and runs many attempts at the same time, so it must be thread-safe.
/// </summary>
/// <typeparam name="TPayload">
/// What a payload holds, a record as a rule: names are snake_case in JSON, what has no default must be there, data annotations are
/// checked, other fields are refused. <see cref="RawJson"/> takes any payload as it was sent.
/// </typeparam>
public interface IJobHandler<TPayload>
{
    /// <summary>The type's name, as in submissions: 1 to 100 of ASCII letters, digits, '.', '_', '-'.</summary>
    static abstract string Type { get; }

    /// <summary>What the type does, in one sentence, for people and <c>GET /types</c>.</summary>
    static abstract string Summary { get; }

    /// <summary>A payload that works.</summary>
    static abstract TPayload Example { get; }

    /// <summary>
    /// Why a worker in a process of its own, with its own settings, should leave jobs of the type to others ("no command is
    /// listed in Handlers:Command:Commands"); <see langword="null"/>, as a rule, when it can run them. A server runs all its types.
    /// </summary>
    static virtual string? Unavailable(IConfiguration configuration) => null;

    /// <summary>Runs one attempt.</summary>
    /// <param name="payload">Read and checked: a job whose payload does not fit ends as a permanent error before this is called.</param>
    /// <param name="context">What the attempt knows and may say.</param>
    /// <param name="cancellationToken">Cancelled on timeout, on a cancel request, when the lease is lost and when the server stops.</param>
    /// <returns>The result, anything JSON can say (names in snake_case), or <see langword="null"/> for none.</returns>
    /// <exception cref="PermanentJobException">Trying again cannot help: straight to the dead letter queue.</exception>
    /// <exception cref="RetryAfterException">Try again, but not before the time it carries.</exception>
    /// <remarks>
    /// Any other exception is a failed attempt, retried while retries are left; <see cref="FailedAttemptException"/> is one that brings
    /// an <c>error.type</c> of its own.
    /// </remarks>
    Task<object?> RunAsync(TPayload payload, JobContext context, CancellationToken cancellationToken);
}
