using System.Security.Cryptography;
using System.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Tests.Support;

/// <summary>Values of which a test names only what it cares about.</summary>
internal static class Some
{
    public static WorkerIdentity Pool { get; } = new("pool", Process: "process");

    public static WorkerIdentity Remote { get; } = new("remote");

    public static Submission Submission(TenantId tenant, string payload = "{}") => new()
    {
        Tenant = tenant,
        Payload = Encoding.UTF8.GetBytes(payload),
        MaxRetries = 5,
        SubmittedBy = "token:test",
        Trace = TraceParent.CreateNew(),
    };

    public static LeaseRequest Wish(int slots = 1, WorkerIdentity? worker = null) =>
        new() { Worker = worker ?? Remote, Slots = slots, Duration = TimeSpan.FromSeconds(30) };

    public static JobOutcome Done { get; } = new JobOutcome.Done("1"u8.ToArray());

    public static JobOutcome Failure(string message = "no", bool retryable = true) =>
        new JobOutcome.Failed(new JobError(message, "TestError"), retryable);

    /// <summary>A submission with an idempotency key; requests of equal <paramref name="content"/> are equal.</summary>
    public static Submission Keyed(TenantId tenant, string key, string content = "{}") => Submission(tenant, content) with
    {
        IdempotencyKey = key,
        RequestHash = SHA256.HashData(Encoding.UTF8.GetBytes(content))[..16],
    };

    public static Actor Actor(TenantId? scope = null) => new("user:test", scope, null);
}
