namespace JobQueue.Handlers.BuiltIn;

internal sealed record SleepResult(double SleptSeconds);
