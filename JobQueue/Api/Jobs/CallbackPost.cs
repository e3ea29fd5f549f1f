namespace JobQueue.Api.Jobs;

/// <summary>What is posted to the URL of a callback.</summary>
/// <param name="Event"><c>job.done</c> or <c>job.failed</c>.</param>
/// <param name="At">When it ended.</param>
internal sealed record CallbackPost(string Event, DateTimeOffset At, JobResponse Job);
