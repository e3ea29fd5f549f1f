namespace JobQueue.Storage.Access;

internal static partial class AccessLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "The last use of a token could not be stored.")]
    public static partial void TokenUseNotStored(ILogger logger, Exception exception);
}
