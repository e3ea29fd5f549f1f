// What Kiota makes of the document.
using System.Globalization;
using System.Net.Http.Headers;
using Generated.Kiota;
using Generated.Kiota.Jobs;
using Generated.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using Xunit;

var url = Environment.GetEnvironmentVariable("JOBQUEUE_URL")!;
using var http = KiotaClientFactory.Create();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("JOBQUEUE_TOKEN"));
var client = new KiotaClient(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = url });

SubmitRequest Order(UntypedNode payload) => new() { Payload = payload, Type = "mail", IdempotencyKey = "order-1017" };

var order = new UntypedObject(new Dictionary<string, UntypedNode> { ["order"] = new UntypedInteger(1017) });
var first = (await client.Jobs.PostAsync(Order(order)))!;
Assert.Equal((JobStatus.Pending, WaitingFor.Worker), (first.Status, first.WaitingFor));
var headers = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
var replayed = await client.Jobs.PostAsync(Order(order), request => request.Options.Add(headers));
Assert.Equal((first.Id, "true"), (replayed!.Id, headers.ResponseHeaders["Idempotency-Replayed"].Single()));
var reused = await Assert.ThrowsAsync<ProblemResponse>(() => client.Jobs.PostAsync(Order(new UntypedInteger(2))));
Assert.Equal((422, "idempotency-key-reused", first.Id), (reused.ResponseStatusCode, reused.Code, reused.JobId));

var list = await client.Jobs.GetAsync(request => request.QueryParameters = new() { Status = GetStatusQueryParameterType.Pending, Type = "mail", Limit = 10 });
Assert.Equal(first.Id, Assert.Single(list!.Items!).Id);

// A result of any kind comes back as the value it is.
foreach (var result in (UntypedNode[])[new UntypedString("sent"), new UntypedInteger(17), new UntypedBoolean(true), new UntypedArray([new UntypedInteger(1), new UntypedString("b")])])
{
    if (result is not UntypedString)
        await client.Jobs.PostAsync(new SubmitRequest { Payload = result, Type = "mail" });
    var held = client.Leases[(await LeaseAsync()).LeaseToken!];
    var beat = await held.Heartbeat.PostAsync(new HeartbeatRequest { Progress = new() { Percent = 50 }, Log = "half" });
    Assert.False(beat!.CancelRequested);
    var done = await held.Ack.PostAsync(new AckRequest { Result = result });
    Assert.Equal(Text(result), Text((await client.Jobs[done!.Id.ToString()!].GetAsync())!.Result!));
    var lost = await Assert.ThrowsAsync<ProblemResponse>(() => held.Ack.PostAsync(new AckRequest()));
    Assert.Equal((409, "lease-lost", done.Id, JobStatus.Done), (lost.ResponseStatusCode, lost.Code, lost.Job!.Id, lost.Job.Status));
}

var second = (await client.Jobs.PostAsync(new SubmitRequest { Payload = new UntypedString("text"), Type = "mail" }))!;
var failed = await client.Leases[(await LeaseAsync()).LeaseToken!].Fail.PostAsync(
    new FailRequest { Error = new() { Message = "refused", Type = "smtp" }, Retryable = false });
Assert.Equal((FailReason.Permanent_error, "refused"), (failed!.Reason, failed.Error!.Message));
Assert.Equal(1, (await client.Dlq.Requeue.PostAsync(new BulkRequest { Reason = FailReason.Permanent_error, DryRun = true }))!.Matched);
Assert.Equal(JobStatus.Pending, (await client.Dlq[second.Id.ToString()!].Requeue.PostAsync(new RequeueRequest()))!.Status);

async Task<LeaseResponse> LeaseAsync() => (await client.Leases.PostAsync(new LeaseWishRequest { Worker = "kiota", Types = ["mail"] }))!.Items!.Single();

string Text(UntypedNode node) => node switch
{
    UntypedString text => text.GetValue()!,
    UntypedBoolean truth => truth.GetValue().ToString(),
    UntypedArray items => string.Join(',', items.GetValue().Select(Text)),
    UntypedInteger number => number.GetValue().ToString(CultureInfo.InvariantCulture),
    UntypedDouble number => number.GetValue().ToString(CultureInfo.InvariantCulture),
    UntypedDecimal number => number.GetValue().ToString(CultureInfo.InvariantCulture),
    _ => node.GetType().Name,
};
