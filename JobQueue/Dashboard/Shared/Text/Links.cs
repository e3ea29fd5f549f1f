using JobQueue.Jobs.Model;

namespace JobQueue.Dashboard.Shared.Text;

/// <summary>Where the pages are.</summary>
internal static class Links
{
    public const string Jobs = "/dashboard/jobs";
    public const string DeadLetters = "/dashboard/dlq";
    public const string Submit = "/dashboard/submit";

    public static string Job(JobId id) => $"{Jobs}/{id}";

    /// <summary>The exact bytes of a payload, its original or a result.</summary>
    public static string Raw(JobId id, string part) => $"{Jobs}/{id}/raw/{part}";
}
