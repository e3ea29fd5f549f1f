namespace JobQueue.Dashboard.Pages.JobDetails;

/// <summary>Something that happened to a job, or is happening now.</summary>
/// <param name="At">When; <see langword="null"/> for what is going on.</param>
/// <param name="Before">The time since the entry before it, and what it was spent with.</param>
public sealed record TimelineEntry(
    string Title, string? Detail, DateTimeOffset? At, TimelineTone Tone, (string Doing, TimeSpan Span)? Before = null);
