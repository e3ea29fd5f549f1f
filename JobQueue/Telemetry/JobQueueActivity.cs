using System.Diagnostics;
using JobQueue.Jobs.Model;

namespace JobQueue.Telemetry;

/// <summary>The spans of this program, source <c>JobQueue</c>.</summary>
internal static class JobQueueActivity
{
    public const string SourceName = "JobQueue";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Starts the span of one attempt, a child of the submitting request's. It exists also when nobody listens, because the
    /// attempt's log lines and outgoing calls carry its trace id. Dispose it when the attempt ends.
    /// </summary>
    public static Activity StartAttempt(Job job)
    {
        var parent = job.Trace.ToContext();
        var activity = Source.CreateActivity("job.attempt", ActivityKind.Consumer, parent)
            ?? new Activity("job.attempt").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        return activity
            .SetTag("jobqueue.job.id", job.Id.ToString())
            .SetTag("jobqueue.job.type", job.Type)
            .SetTag("jobqueue.queue", job.Queue)
            .SetTag("jobqueue.attempt", job.Attempts)
            .Start();
    }
}
