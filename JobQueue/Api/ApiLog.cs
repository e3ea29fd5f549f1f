using JobQueue.Jobs.Model;

namespace JobQueue.Api;

internal static partial class ApiLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "A request failed.")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Debug, Message = "{Call} was refused: {Status} {Code}")]
    public static partial void RequestRefused(ILogger logger, string call, int status, string code);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "Attempts were ended, but the jobs asked for with that could not be leased.")]
    public static partial void NothingLeased(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "The lease of job {JobId}, whose worker went away, could not be handed back; it runs out by itself.")]
    public static partial void LeaseNotHandedBack(ILogger logger, Exception exception, JobId jobId);
}
