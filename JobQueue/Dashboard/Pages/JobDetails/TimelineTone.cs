namespace JobQueue.Dashboard.Pages.JobDetails;

/// <summary>How an entry of a timeline looks.</summary>
public enum TimelineTone
{
    Neutral,
    Running,
    Good,
    Bad,
}
