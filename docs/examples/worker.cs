// A JobQueue worker in C#, one file. It needs the .NET 10 SDK and no packages.
//
//     JOBQUEUE_URL=http://localhost:5080 JOBQUEUE_TOKEN=jq_... dotnet run worker.cs
//
// JOBQUEUE_TYPES names the job types to take, separated by commas (default: greet). JOBQUEUE_COUNT jobs run at once (default: 4).
// SIGTERM and Ctrl-C let the running jobs end first.
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

var leaseTime = TimeSpan.FromSeconds(30);
var url = (Variable("URL") ?? "http://localhost:5080").TrimEnd('/');
var types = (Variable("TYPES") ?? "greet").Split(',');
var count = int.Parse(Variable("COUNT") ?? "4", CultureInfo.InvariantCulture);
var worker = $"{Environment.MachineName}:{Environment.ProcessId}";
using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Variable("TOKEN"));
using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    await Task.WhenAll(Enumerable.Range(0, count).Select(_ => WorkAsync()));
    return 0;
}
catch (UnauthorizedAccessException refused)
{
    Console.Error.WriteLine($"The server refuses the token: {refused.Message}");
    return 1;
}

// Your work. What it returns is the result; what it throws is a failed attempt, tried again later.
static async Task<JsonNode?> HandleAsync(JsonNode job, Func<double, string?, Task> report, CancellationToken cancelled)
{
    await report(50, "half of it");
    cancelled.ThrowIfCancellationRequested();
    return new JsonObject { ["greeting"] = $"Hello, {(job["payload"] as JsonObject)?["name"] ?? "world"}!" };
}

async Task WorkAsync()
{
    JsonObject? end = null;
    while (end is not null || !stopping.IsCancellationRequested)
    {
        var leases = await SettleAsync(end, stopping.IsCancellationRequested ? null : Wish(end is null));
        end = null;
        foreach (var lease in leases)
            end = await RunAsync(lease!["job"]!, (string)lease["lease_token"]!);
    }
}

// An end is answered at once; only who has none waits for a job.
JsonObject Wish(bool waits) => new()
{
    ["worker"] = worker,
    ["types"] = new JsonArray([.. types.Select(type => (JsonNode)type)]),
    ["lease_seconds"] = leaseTime.TotalSeconds,
    ["wait_seconds"] = waits ? 30 : 0,
};

// One job from its lease to its end, which it answers. A heartbeat goes out three times a lease, whatever the handler does.
async Task<JsonObject?> RunAsync(JsonNode job, string token)
{
    using var lost = new CancellationTokenSource();
    using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(lost.Token);
    using var beats = new Timer(_ => _ = BeatAsync([]), null, leaseTime / 3, leaseTime / 3);
    try
    {
        var result = await HandleAsync(job, (percent, message) => BeatAsync(new() { ["progress"] = new JsonObject { ["percent"] = percent, ["message"] = message } }), cancelled.Token);
        var end = new JsonObject { ["lease_token"] = token, ["ack"] = new JsonObject { ["result"] = result?.DeepClone() } };
        _ = end.ToJsonString(); // What cannot be written fails here, as its own.
        return end;
    }
    catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
    {
        return lost.IsCancellationRequested ? null : new JsonObject { ["lease_token"] = token, ["release"] = new JsonObject() };
    }
    catch (Exception exception) when (exception is not UnauthorizedAccessException)
    {
        return Failure(token, exception.Message, exception.GetType().Name, retryable: true);
    }

    async Task BeatAsync(JsonObject body)
    {
        try
        {
            var answer = await CallAsync($"/leases/{token}/heartbeat", body);
            if (answer is null)
                await lost.CancelAsync();
            else if ((bool)answer["cancel_requested"]!)
                await cancelled.CancelAsync();
        }
        catch (InvalidDataException refused)
        {
            Console.Error.WriteLine($"a report of {job["id"]} was refused: {refused.Message}");
        }
        catch (Exception exception) when (exception is ObjectDisposedException or UnauthorizedAccessException)
        {
            // The job has ended meanwhile, or its next call is told, too.
        }
    }
}

static JsonObject Failure(string token, string message, string type, bool retryable) => new()
{
    ["lease_token"] = token,
    ["fail"] = new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = message.Length > 8000 ? message[..8000] : message, ["type"] = type },
        ["retryable"] = retryable,
    },
};

// Ends an attempt, if there is one, and answers the leases that are wished for, if any: one call, one commit.
async Task<JsonArray> SettleAsync(JsonObject? end, JsonObject? wish)
{
    var body = new JsonObject { ["items"] = end is null ? [] : new JsonArray(end) };
    if (wish is not null)
        body["lease"] = wish.DeepClone();
    try
    {
        var answer = await CallAsync("/leases/settle", body, end is null ? stopping.Token : default);
        foreach (var item in answer!["items"]!.AsArray().Where(item => (string?)item!["code"] == "invalid-result"))
            await SettleAsync(Failure((string)item!["lease_token"]!, (string)item["detail"]!, "invalid_result", retryable: false), null);
        return answer["leases"]?.AsArray() ?? [];
    }
    catch (InvalidDataException refused)
    {
        // Running again will not change what it returns.
        if (end?["ack"] is not null)
            return await SettleAsync(Failure((string)end["lease_token"]!, refused.Message, "invalid_result", retryable: false), wish);
        Console.Error.WriteLine(end is null ? $"no jobs: {refused.Message}" : $"a job runs again once its lease is over: {refused.Message}");
        if (end is null)
            await Task.Delay(TimeSpan.FromSeconds(10), stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return [];
    }
    catch (OperationCanceledException)
    {
        return [];
    }
}

// Posts JSON until the server answers: it may be restarting, or the network may be down for a while. Null for a lease that is lost.
async Task<JsonNode?> CallAsync(string path, JsonObject body, CancellationToken cancelled = default)
{
    var json = body.ToJsonString();
    for (var pause = TimeSpan.FromSeconds(0.25); ; pause = pause * 2 < TimeSpan.FromSeconds(10) ? pause * 2 : TimeSpan.FromSeconds(10))
    {
        try
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(url + path, content, cancelled);
            var text = await answer.Content.ReadAsStringAsync(cancelled);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    return JsonNode.Parse(text);
                case HttpStatusCode.Conflict:
                    return null;
                case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                    throw new UnauthorizedAccessException(text);
                case < HttpStatusCode.InternalServerError and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests):
                    throw new InvalidDataException(Sentence(text, answer.StatusCode));
            }

            if (answer.Headers.RetryAfter?.Delta is { } after && after > pause)
                pause = after;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            Console.Error.WriteLine($"{url} cannot be reached ({exception.Message}), trying again");
        }

        await Task.Delay(pause, cancelled);
    }
}

// What the server says in its problem document (RFC 9457).
static string Sentence(string text, HttpStatusCode status)
{
    try
    {
        var problem = JsonNode.Parse(text)!;
        var fields = (problem["errors"]?.AsObject() ?? []).Select(field => $" {field.Key}: {string.Join("; ", field.Value!.AsArray())}");
        return $"{problem["detail"]}{string.Concat(fields)}";
    }
    catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
    {
        return $"The server answered {(int)status}.";
    }
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}

static string? Variable(string name) => Environment.GetEnvironmentVariable($"JOBQUEUE_{name}");
