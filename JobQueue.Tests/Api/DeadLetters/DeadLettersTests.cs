using System.Net;
using JobQueue.Access;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Api.DeadLetters;

public sealed class DeadLettersTests
{
    private static readonly string[] All = [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsManage];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entry_tells_what_died_and_why()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = await DieAsync(app, client, """{"payload":{"n":1.0},"type":"mail","queue":"q"}""");

        var entry = await client.GetApiAsync($"/dlq/{id}");

        entry.Is(HttpStatusCode.OK);
        Assert.Equal(
            ["job_id", "tenant", "queue", "type", "reason", "error", "fingerprint", "attempts", "dead_at", "payload"],
            entry.Json.Select(field => field.Key));
        Assert.Equal((id, "permanent_error", 1), ((string)entry.Json["job_id"]!, (string)entry.Json["reason"]!, (int)entry.Json["attempts"]!));
        Assert.Contains("\"payload\":{\"n\":1.0}", entry.Text, StringComparison.Ordinal);
        Assert.Equal([id], (await client.GetApiAsync("/dlq?reason=permanent_error&type=mail&queue=q")).Items.Select(item => (string)item["job_id"]!));
        Assert.Empty((await client.GetApiAsync("/dlq?reason=poison")).Items);
        Assert.Equal(["reason"], (await client.GetApiAsync("/dlq?reason=unlucky")).Is(HttpStatusCode.BadRequest).WrongFields);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"payload":{"mended":true}}""")]
    [InlineData("""{"payload":null}""")]
    public async Task Requeue_keeps_the_id_and_may_mend_the_payload(string? body)
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = await DieAsync(app, client, """{"payload":{"broken":true}}""");

        var job = await client.PostApiAsync($"/dlq/{id}/requeue", body);

        job.Is(HttpStatusCode.OK);
        Assert.Equal((id, "pending", 0), (job.Id, (string)job.Json["status"]!, (int)job.Json["retries"]!));
        if (body is null or "{}")
        {
            Assert.True((bool)job.Json["payload"]!["broken"]!);
            Assert.Null(job.Json["original_payload"]);
        }
        else
        {
            Assert.Contains(body[1..^1], job.Text, StringComparison.Ordinal);
            Assert.True((bool)job.Json["original_payload"]!["broken"]!);
        }

        (await client.GetApiAsync($"/dlq/{id}")).Is(HttpStatusCode.NotFound, "not-found");
        (await client.PostApiAsync($"/dlq/{id}/requeue")).Is(HttpStatusCode.Conflict, "wrong-state");
    }

    [Fact]
    public async Task Discarded_job_stays_failed_for_that_reason()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = await DieAsync(app, client);

        var answer = await client.DeleteApiAsync($"/dlq/{id}");

        answer.Is(HttpStatusCode.NoContent);
        Assert.Empty(answer.Text);
        var job = await client.GetApiAsync($"/jobs/{id}");
        Assert.Equal(("failed", "discarded"), ((string)job.Json["status"]!, (string)job.Json["reason"]!));
        (await client.DeleteApiAsync($"/dlq/{id}")).Is(HttpStatusCode.Conflict, "wrong-state");
    }

    [Fact]
    public async Task Bulk_commands_count_first_and_then_do()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        using var globex = await app.ClientAsync("globex", All);
        var ids = new[] { await DieAsync(app, client), await DieAsync(app, client), await DieAsync(app, client, """{"payload":1,"type":"mail"}""") };
        var foreign = await DieAsync(app, globex);

        Assert.Equal((3, 0), await BulkAsync(client, "/dlq/requeue", """{"all":true,"dry_run":true}"""));
        Assert.Equal((1, 1), await BulkAsync(client, "/dlq/requeue", """{"type":"mail"}"""));
        Assert.Equal((1, 1), await BulkAsync(client, "/dlq/discard", $$"""{"job_ids":["{{ids[0]}}","{{foreign}}"]}"""));
        Assert.Equal((1, 1), await BulkAsync(client, "/dlq/discard", """{"all":true}"""));
        Assert.Equal((0, 0), await BulkAsync(client, "/dlq/discard", """{"all":true}"""));
        (await globex.GetApiAsync($"/dlq/{foreign}")).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{}", "all")]
    [InlineData("""{"dry_run":true}""", "all")]
    [InlineData("""{"all":false}""", "all")]
    [InlineData("""{"all":true,"type":"mail"}""", "all")]
    [InlineData("""{"job_ids":[]}""", "job_ids")]
    [InlineData("""{"job_ids":["x"]}""", "job_ids")]
    [InlineData("""{"job_ids":["01a20a7f-e8f7-7000-ae6c-e153e83a7082"],"type":"mail"}""", "job_ids")]
    [InlineData("""{"reason":"unlucky","type":"a"}""", "reason")]
    [InlineData("""{"typ":"mail","type":"mail"}""", "typ")]
    [InlineData("""{"dead_after":"yesterday","type":"a"}""", "dead_after")]
    public async Task Unclear_bulk_command_is_refused(string body, string field)
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);

        foreach (var path in new[] { "/dlq/requeue", "/dlq/discard" })
            Assert.Contains(field, (await client.PostApiAsync(path, body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
    }

    [Fact]
    public async Task Identical_failures_stand_together()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        await DieAsync(app, client);
        await DieAsync(app, client);
        await DieAsync(app, client, """{"payload":1,"type":"mail"}""", "something else");

        var groups = (await client.GetApiAsync("/dlq/groups")).Is(HttpStatusCode.OK).Items;

        Assert.Equal([("mail", 1), ("echo", 2)], groups.Select(group => ((string)group["type"]!, (int)group["count"]!)));
        var entries = await client.GetApiAsync($"/dlq?fingerprint={(string)groups[1]["fingerprint"]!}");
        Assert.Equal(2, entries.Items.Count);
    }

    private static async Task<(int Matched, int Changed)> BulkAsync(HttpClient client, string path, string body)
    {
        var answer = (await client.PostApiAsync(path, body)).Is(HttpStatusCode.OK);
        return ((int)answer.Json["matched"]!, (int)answer.Json["changed"]!);
    }

    private static async Task<string> DieAsync(
        QueueApp app, HttpClient client, string body = """{"payload":1}""", string message = "no luck")
    {
        var id = (await client.SubmitAsync(body)).Id;
        var store = app.Services.GetRequiredService<IJobStore>();
        var lease = (await store.LeaseAsync(Some.Wish(), Cancellation)).Single();
        Assert.Equal(id, lease.Job.Id.ToString());
        await store.SettleAsync(lease.Token, null, new JobOutcome.Failed(new JobError(message, "LuckException"), Retryable: false), Cancellation);
        return id;
    }

    private static Task<QueueApp> StartAsync() =>
        QueueApp.StartAsync(new QueueAppOptions { Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" } });
}
