using System.Diagnostics;
using System.Text;
using JobQueue.Jobs.Model;
using JobQueue.Telemetry;
using JobQueue.Tenants;

namespace JobQueue.Tests.Telemetry;

public sealed class JobQueueActivityTests
{
    [Theory]
    [InlineData("1122334455667788")]
    [InlineData("")]
    public void Attempt_runs_in_the_trace_of_its_submission_although_nobody_listens(string span)
    {
        var trace = TraceParent.Read(Convert.FromHexString("0123456789abcdef0123456789abcdef"), Convert.FromHexString(span));
        var job = new Job
        {
            Id = new JobId(Guid.CreateVersion7()),
            TenantId = new TenantId(1),
            Tenant = "acme",
            Queue = "default",
            Type = "echo",
            Status = JobStatus.Running,
            Payload = Encoding.UTF8.GetBytes("{}"),
            Trace = trace,
            SubmittedBy = "token:test",
        };

        using var activity = JobQueueActivity.StartAttempt(job);

        Assert.Same(activity, Activity.Current);
        Assert.Equal(trace.TraceId, activity.TraceId);
        if (span.Length > 0)
            Assert.Equal(span, activity.ParentSpanId.ToHexString());
    }
}
