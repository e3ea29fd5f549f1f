namespace JobQueue.Handlers.BuiltIn;

internal sealed record FailResult(int FailedTimes);
