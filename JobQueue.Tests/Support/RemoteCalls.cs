using System.Net;
using JobQueue.Access;
using JobQueue.Jobs.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Support;

/// <summary>Servers and calls of tests about remote workers.</summary>
internal static class RemoteCalls
{
    /// <summary>The scopes of one who does it all.</summary>
    public static readonly string[] AllScopes = [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsManage, Scopes.JobsWork];

    /// <summary>A server without workers of its own, whose clock stands still, and whose tenants have no limits.</summary>
    public static Task<QueueApp> StartServerAsync(FakeTimeProvider? time, params (string Key, string Value)[] settings) => QueueApp.StartAsync(new QueueAppOptions
    {
        Time = time,
        Settings = new Dictionary<string, string>
        {
            ["Workers:Count"] = "0",
            ["Tenants:DefaultMaxConcurrent"] = "",
            ["Tenants:DefaultMaxNewPerMinute"] = "",
        }.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).GroupBy(setting => setting.Key).ToDictionary(setting => setting.Key, setting => setting.Last().Value),
    });

    public static FakeTimeProvider StandingClock() => new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Moves the clock as a server lives through it: second by second, looking after its leases each time.</summary>
    public static async Task LiveAsync(this QueueApp app, FakeTimeProvider time, TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            time.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            await app.Services.GetRequiredService<IJobStore>().ReapAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Leases one job, which must be there.</summary>
    /// <param name="more">Further fields of the request.</param>
    public static async Task<HeldLease> LeaseAsync(this HttpClient client, string worker = "w1", string more = "")
    {
        var leases = await client.LeasesAsync(worker, more);
        return Assert.Single(leases);
    }

    public static async Task<IReadOnlyList<HeldLease>> LeasesAsync(this HttpClient client, string worker = "w1", string more = "") =>
        [.. (await client.PostApiAsync("/leases", $$"""{"worker":"{{worker}}"{{more}}}""")).Is(HttpStatusCode.OK).Items
            .Select(item => new HeldLease(item["lease_token"]!.GetValue<string>(), item))];

    public static Task<ApiAnswer> BeatAsync(this HttpClient client, HeldLease lease, string? body = null) =>
        client.PostApiAsync($"/leases/{lease.Token}/heartbeat", body);

    public static Task<ApiAnswer> AckAsync(this HttpClient client, HeldLease lease, string? body = null) =>
        client.PostApiAsync($"/leases/{lease.Token}/ack", body);

    public static Task<ApiAnswer> FailAsync(this HttpClient client, HeldLease lease, string body = """{"error":{"message":"no paper"}}""") =>
        client.PostApiAsync($"/leases/{lease.Token}/fail", body);

    public static Task<ApiAnswer> ReleaseAsync(this HttpClient client, HeldLease lease) =>
        client.PostApiAsync($"/leases/{lease.Token}/release");

    public static async Task<ApiAnswer> JobAsync(this HttpClient client, string id) => (await client.GetApiAsync($"/jobs/{id}")).Is(HttpStatusCode.OK);

    /// <summary>How the job's attempts ended, first to last.</summary>
    public static async Task<IReadOnlyList<string?>> OutcomesAsync(this HttpClient client, string id) =>
        [.. (await client.GetApiAsync($"/jobs/{id}/attempts")).Is(HttpStatusCode.OK).Items.Select(item => item["outcome"]?.GetValue<string>())];

    public static string? Text(this ApiAnswer answer, string field) => answer.Json[field]?.GetValue<string>();

    public static int Number(this ApiAnswer answer, string field) => answer.Json[field]!.GetValue<int>();

    /// <summary>Submits so many jobs in batches; answers their ids.</summary>
    public static async Task<IReadOnlyList<string>> SubmitManyAsync(this HttpClient client, int count, string type = "echo")
    {
        var ids = new List<string>();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            var jobs = string.Join(',', chunk.Select(number => $$$"""{"type":"{{{type}}}","payload":{"number":{{{number}}}}}"""));
            var answer = (await client.PostApiAsync("/jobs/batch", $$"""{"jobs":[{{jobs}}]}""")).Is(HttpStatusCode.Created);
            ids.AddRange(answer.Items.Select(item => item["id"]!.GetValue<string>()));
        }

        return ids;
    }
}
