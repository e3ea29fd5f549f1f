using JobQueue.Jobs.Model;

namespace JobQueue.Workers.Remote;

/// <summary>What a worker in a process of its own says about its server. Ids 3050 to 3059.</summary>
internal static partial class RemoteLog
{
    [LoggerMessage(3050, LogLevel.Warning, "The server {Address} cannot be reached: {Reason}. Trying again")]
    public static partial void Unreachable(ILogger logger, Uri address, string reason);

    [LoggerMessage(3051, LogLevel.Information, "The server {Address} answers again")]
    public static partial void Reachable(ILogger logger, Uri address);

    [LoggerMessage(3052, LogLevel.Critical, "The server refuses this worker: {Reason} The worker stops")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(3053, LogLevel.Warning, "The server refuses what job {JobId} reports, which is dropped: {Reason}")]
    public static partial void ReportsRefused(ILogger logger, JobId jobId, string reason);

    [LoggerMessage(3054, LogLevel.Information, "Left to others: {Types}")]
    public static partial void TypesLeft(ILogger logger, string types);
}
