using System.Text.Json;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using MudBlazor;

namespace JobQueue.Dashboard.Shared.Text;

/// <summary>The words, icons and sentences that stand for statuses and reasons. The words are the API's.</summary>
internal static class Words
{
    public static IReadOnlyList<string> Statuses { get; } = [.. Enum.GetValues<JobStatus>().Select(Of)];

    public static IReadOnlyList<string> Reasons { get; } = [.. Enum.GetValues<FailReason>().Select(Of)];

    public static string Of(JobStatus status) => Snake(status);

    public static string Of(FailReason reason) => Snake(reason);

    public static string Of(AttemptOutcome outcome) => Snake(outcome);

    public static string Of(CallbackOn on) => Snake(on);

    public static bool TryReadStatus(string? word, out JobStatus status) => TryRead(word, out status);

    public static bool TryReadReason(string? word, out FailReason reason) => TryRead(word, out reason);

    /// <summary>Why, behind the status.</summary>
    public static string? Detail(Job job) => job switch
    {
        { CancelRequested: true } => "stopping",
        { WaitingFor: WaitingFor.Schedule } => "scheduled",
        { WaitingFor: WaitingFor.Retry } => "waits to retry",
        { WaitingFor: WaitingFor.QueuePaused } => "queue paused",
        { WaitingFor: WaitingFor.TenantLimit } => "tenant at its limit",
        { WaitingFor: WaitingFor.QueueLimit } => "at a limit",
        { WaitingFor: WaitingFor.TargetDown } => "target is down",
        { Reason: { } reason } => Readable(reason),
        _ => null,
    };

    public static string Readable(FailReason reason) => reason switch
    {
        FailReason.RetriesExhausted => "retries exhausted",
        FailReason.PermanentError => "permanent error",
        _ => Of(reason),
    };

    public static string Icon(JobStatus status) => status switch
    {
        JobStatus.Pending => Icons.Material.Outlined.Schedule,
        JobStatus.Running => Icons.Material.Outlined.PlayCircle,
        JobStatus.Done => Icons.Material.Outlined.CheckCircle,
        _ => Icons.Material.Outlined.Cancel,
    };

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static bool TryRead<T>(string? word, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Snake(candidate) == word)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}
