namespace JobQueue.Access;

/// <summary>What a token allows. The names are those of the API, and also those of the authorization policies.</summary>
internal static class Scopes
{
    public const string JobsSubmit = "jobs:submit";
    public const string JobsRead = "jobs:read";
    public const string JobsManage = "jobs:manage";
    public const string JobsWork = "jobs:work";

    /// <summary>Instance-wide: given by administrators and the command line alone.</summary>
    public const string MetricsRead = "metrics:read";

    /// <summary>Includes every other scope and sees every tenant.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [JobsSubmit, JobsRead, JobsManage, JobsWork, MetricsRead, Admin];

    public static bool IsKnown(string scope) => All.Contains(scope);
}
