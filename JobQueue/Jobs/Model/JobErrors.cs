namespace JobQueue.Jobs.Model;

/// <summary>The error types that the server itself gives.</summary>
public static class JobErrors
{
    public const string Timeout = "timeout";
}
