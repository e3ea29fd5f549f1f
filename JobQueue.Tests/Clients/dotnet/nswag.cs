// What NSwag makes of the document, for either JSON library.
using System.Net.Http.Headers;
using Generated.NSwag;
using Xunit;

using var http = new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable("JOBQUEUE_URL")!) };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("JOBQUEUE_TOKEN"));
var client = new NSwagClient(http);

SubmitRequest Order(object payload) => new() { Payload = payload, Type = "mail", Idempotency_key = "order-1017" };

var first = await client.SubmitJobAsync(null, Order(new { order = 1017 }));
Assert.Equal((JobStatus.Pending, WaitingFor.Worker), (first.Status, first.Waiting_for));
Assert.Equal(first.Id, (await client.SubmitJobAsync(null, Order(new { order = 1017 }))).Id);
var reused = (await Assert.ThrowsAsync<ApiException<ProblemResponse>>(() => client.SubmitJobAsync(null, Order(2)))).Result;
Assert.Equal((422, "idempotency-key-reused", first.Id), (reused.Status, reused.Code, reused.Job_id));

var list = await client.ListJobsAsync(Status.Pending, null, null, "mail", null, null, null, null, null, 10, null);
Assert.Equal(first.Id, Assert.Single(list.Items).Id);

// A result of any kind comes back as the value it is.
foreach (var (result, text) in ((object, string)[])[("sent", "sent"), (17, "17"), (new[] { 1, 2 }, "[1,2]")])
{
    if (text != "sent")
        await client.SubmitJobAsync(null, new SubmitRequest { Payload = result, Type = "mail" });
    var token = await LeaseAsync();
    var beat = await client.HeartbeatLeaseAsync(token, new HeartbeatRequest { Progress = new() { Percent = 50 }, Log = "half" });
    Assert.False(beat.Cancel_requested);
    var done = await client.AckLeaseAsync(token, new AckRequest { Result = result });
    Assert.Equal(text, string.Concat($"{(await client.GetJobAsync(done.Id.ToString())).Result}".Where(character => !char.IsWhiteSpace(character))));
    var lost = (await Assert.ThrowsAsync<ApiException<ProblemResponse>>(() => client.AckLeaseAsync(token, null))).Result;
    Assert.Equal((409, "lease-lost", done.Id, JobStatus.Done), (lost.Status, lost.Code, lost.Job!.Id, lost.Job.Status));
}

var second = await client.SubmitJobAsync(null, new SubmitRequest { Payload = "text", Type = "mail" });
var failed = await client.FailLeaseAsync(await LeaseAsync(), new FailRequest { Error = new() { Message = "refused", Type = "smtp" }, Retryable = false });
Assert.Equal((FailReason.Permanent_error, "refused"), (failed.Reason, failed.Error!.Message));
// With the other library it sends words by their names in C#.
if (args is ["NewtonsoftJson"])
    Assert.Equal(1, (await client.RequeueDeadLettersAsync(null, new BulkRequest { Reason = FailReason.Permanent_error, Dry_run = true })).Matched);
Assert.Equal(JobStatus.Pending, (await client.RequeueDeadLetterAsync(second.Id.ToString(), null)).Status);

async Task<string> LeaseAsync() => (await client.LeaseJobsAsync(null, new LeaseWishRequest { Worker = "nswag", Types = ["mail"] })).Items.Single().Lease_token;
