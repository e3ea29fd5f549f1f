using System.Text;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Tests.Support;

/// <summary>Jobs as a store would lease them.</summary>
internal static class TestJobs
{
    private static int _count;

    public static Job Create(string type, string payload = "{}", int attempt = 1, int timeoutSeconds = 300, string queue = "default") => new()
    {
        Id = JobId.Create(1_700_000_000_000, 0, (ulong)Interlocked.Increment(ref _count)),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = queue,
        Type = type,
        Status = JobStatus.Running,
        Payload = Encoding.UTF8.GetBytes(payload),
        Attempts = attempt,
        TimeoutSeconds = timeoutSeconds,
        Trace = TraceParent.CreateNew(),
        SubmittedBy = "token:test",
    };

    public static IReadOnlyList<Job> Create(int count, string type) => [.. Enumerable.Range(0, count).Select(_ => Create(type))];

    public static JobEvent Event(this Job job, JobEventKind kind) => new()
    {
        Kind = kind,
        JobId = job.Id,
        TenantId = job.TenantId,
        Tenant = job.Tenant,
        Queue = job.Queue,
        Type = job.Type,
        Status = job.Status,
        Attempt = job.Attempts,
        At = default,
    };
}
