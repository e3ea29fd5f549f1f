namespace JobQueue.Api;

internal static partial class ApiLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "A request failed.")]
    public static partial void RequestFailed(ILogger logger, Exception exception);
}
