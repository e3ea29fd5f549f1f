using System.Globalization;
using JobQueue.Handlers;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace JobQueue.Tests.Handlers.Http;

public sealed class HttpRequestTests
{
    private const string Kept = "the answer";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_goes_out_as_it_was_submitted_with_the_headers_every_call_has()
    {
        await using var receiver = await HttpReceiver.StartAsync(context => context.Response.WriteAsync(Kept, Cancellation));
        await using var requests = new HttpRequests([receiver.HostAndPort]);
        var job = TestJobs.Create("http.request", $$"""{"url":"{{receiver.Address}}a?b=c#d","body":{ "n": 1.50,"n":"é" } }""");

        var result = await requests.RunAsync(job);

        var call = Assert.Single(receiver.Calls);
        Assert.Equal(("POST", "/a?b=c", """{ "n": 1.50,"n":"é" }"""), (call.Method, call.Target, call.Text));
        Assert.Equal("application/json", call["content-type"]);
        Assert.Equal(job.Id.ToString(), call["idempotency-key"]);
        Assert.Matches($"^00-{job.Trace.TraceId}-[0-9a-f]{{16}}-01$", call["traceparent"]);
        Assert.All((string[])["webhook-id", "webhook-signature", "cookie", "accept-encoding"], name => Assert.Null(call[name]));
        Assert.Equal(["status", "headers", "body"], result.Select(field => field.Key));
        Assert.Equal((200, Kept), ((int)result["status"]!, (string?)result["body"]));
    }

    [Theory]
    [InlineData("\"one\\ntwo é\"", "one\ntwo é", "text/plain; charset=utf-8")]
    [InlineData("\"\"", "", "text/plain; charset=utf-8")]
    [InlineData("[1, 2]", "[1, 2]", "application/json")]
    [InlineData("7e2", "7e2", "application/json")]
    [InlineData("false", "false", "application/json")]
    [InlineData("null", "", null)]
    public async Task Text_goes_out_as_it_is_and_anything_else_as_json(string body, string sent, string? type)
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        await requests.RunAsync($$"""{"url":"{{receiver.Address}}","body":{{body}} }""");

        var call = Assert.Single(receiver.Calls);
        Assert.Equal((sent, type), (call.Text, call["content-type"]));
    }

    [Fact]
    public async Task Headers_of_the_payload_stand_above_those_that_every_call_has()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        await requests.RunAsync($$"""
            {"url":"{{receiver.Address}}","method":"put","body":"a,b","headers":{
              "content-type":"text/csv","Idempotency-Key":"k1","TRACEPARENT":"00-1-2-01","User-Agent":"mine","X-Name":"Zoë","Authorization":"Bearer t"} }
            """);

        var call = Assert.Single(receiver.Calls);
        Assert.Equal(
            ("PUT", "text/csv", "k1", "00-1-2-01", "mine", "Zoë", "Bearer t"),
            (call.Method, call["content-type"], call["idempotency-key"], call["traceparent"], call["user-agent"], call["x-name"], call["authorization"]));
    }

    [Fact]
    public async Task Call_without_a_body_sends_none()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        await requests.RunAsync($$"""{"url":"{{receiver.Address}}","method":"GET"}""");
        await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}""");

        Assert.Equal([("GET", null), ("POST", "0")], receiver.Calls.Select(call => (call.Method, call["content-length"])));
        Assert.All(receiver.Calls, call => Assert.Null(call["content-type"]));
    }

    [Fact]
    public async Task Result_holds_the_answers_headers_in_lower_case_several_values_joined()
    {
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.Headers["X-Many"] = new(["one", "two"]);
            context.Response.Headers.SetCookie = new(["a=1", "b=2"]);
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("é", Cancellation);
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var result = await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}""");

        var headers = result["headers"]!;
        Assert.Equal((202, "é"), ((int)result["status"]!, (string?)result["body"]));
        Assert.Equal(("one, two", "a=1, b=2", "text/plain"), ((string?)headers["x-many"], (string?)headers["set-cookie"], (string?)headers["content-type"]));
    }

    [Theory]
    [InlineData(65_536, 65_536, false)]
    [InlineData(65_537, 65_536, true)]
    [InlineData(10_000_000, 65_536, true)]
    public async Task Answer_is_kept_up_to_64_kilobytes(int length, int kept, bool truncated)
    {
        await using var receiver = await HttpReceiver.StartAsync(context => context.Response.WriteAsync(new string('x', length), context.RequestAborted));
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var result = await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}""");

        Assert.Equal((kept, truncated), (((string)result["body"]!).Length, result["truncated"] is { } flag && (bool)flag));
        Assert.Equal(truncated, result.ContainsKey("truncated"));
    }

    [Fact]
    public async Task Answer_without_end_is_read_no_further_than_it_is_kept()
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await HttpReceiver.StartAsync(async context =>
        {
            await using var gone = context.RequestAborted.Register(cut.SetResult);
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync(new string('x', 1_000), CancellationToken.None);
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var result = await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}""");

        Assert.True((bool)result["truncated"]!);
        await cut.Task.WaitAsync(Eventually.Deadline, Cancellation);
    }

    [Fact]
    public async Task Connection_whose_answer_was_read_serves_the_next_call()
    {
        var connections = new HashSet<string>();
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return context.Response.WriteAsync(new string('x', 70_000), Cancellation);
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        for (var i = 0; i < 5; i++)
            Assert.True((bool)(await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}"""))["truncated"]!);

        Assert.InRange(connections.Count, 1, 2);
    }

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", "E9", "é")]
    [InlineData("text/plain; charset=\"utf-8\"", "EFBBBFC3A9", "é")]
    [InlineData("text/plain; charset=klingon", "C3A9", "é")]
    [InlineData("application/octet-stream", "00FF0A", "\0\uFFFD\n")]
    [InlineData("application/json", "7B7D", "{}")]
    public async Task Answer_is_text_in_whatever_encoding_it_came(string type, string hex, string text)
    {
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return context.Response.Body.WriteAsync(Convert.FromHexString(hex), Cancellation).AsTask();
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        Assert.Equal(text, (string?)(await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}"""))["body"]);
    }

    [Fact]
    public async Task Cut_halves_no_character()
    {
        await using var receiver = await HttpReceiver.StartAsync(context => context.Response.WriteAsync("x" + new string('é', 40_000), context.RequestAborted));
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var result = await requests.RunAsync($$"""{"url":"{{receiver.Address}}"}""");

        Assert.Equal("x" + new string('é', 32_767), (string?)result["body"]);
    }

    /// <summary>Status of the answer: how the attempt fails, and under what name.</summary>
    [Theory]
    [InlineData(429, typeof(RetryAfterException), "http_429")]
    [InlineData(503, typeof(RetryAfterException), "http_503")]
    [InlineData(408, typeof(FailedAttemptException), "http_408")]
    [InlineData(500, typeof(FailedAttemptException), "http_500")]
    [InlineData(502, typeof(FailedAttemptException), "http_502")]
    [InlineData(501, typeof(FailedAttemptException), "http_501")]
    [InlineData(599, typeof(FailedAttemptException), "http_599")]
    [InlineData(400, typeof(PermanentJobException), "http_400")]
    [InlineData(401, typeof(PermanentJobException), "http_401")]
    [InlineData(404, typeof(PermanentJobException), "http_404")]
    [InlineData(409, typeof(PermanentJobException), "http_409")]
    [InlineData(425, typeof(PermanentJobException), "http_425")]
    [InlineData(304, typeof(PermanentJobException), "http_304")]
    [InlineData(301, typeof(PermanentJobException), "redirect")]
    [InlineData(302, typeof(PermanentJobException), "redirect")]
    [InlineData(303, typeof(PermanentJobException), "redirect")]
    [InlineData(307, typeof(PermanentJobException), "redirect")]
    [InlineData(308, typeof(PermanentJobException), "redirect")]
    public async Task Status_decides_whether_it_is_tried_again(int status, Type failure, string type)
    {
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var error = await requests.FailAtAsync(receiver.Address.ToString());

        Assert.Equal((failure, type), (error.GetType(), error.ErrorType));
        Assert.Contains($"The target answered {status}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("99999999999999999999", 36_525 * 86_400.0)]
    [InlineData("Thu, 01 Jan 2026 12:00:30 GMT", 30)]
    [InlineData("Thursday, 01-Jan-26 12:00:30 GMT", 30)]
    [InlineData("Thu Jan  1 12:00:30 2026", 30)]
    [InlineData("1.5", 0)]
    public async Task Pause_that_a_target_asks_for_is_read_from_the_raw_header(string header, double seconds)
    {
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (StatusCodes.Status503ServiceUnavailable, header);
            return Task.CompletedTask;
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var error = await requests.FailAtAsync(receiver.Address.ToString());

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<RetryAfterException>(error).RetryAfter);
    }

    [Fact]
    public async Task Jobs_log_keeps_the_beginning_of_what_a_target_said_when_it_refused()
    {
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return context.Response.WriteAsync("The amount is negative. " + new string('x', 1_000), context.RequestAborted);
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        await requests.FailAtAsync(receiver.Address.ToString());

        var line = Assert.Single(requests.Log);
        Assert.StartsWith("The target answered 422: The amount is negative. xxx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 500, 530);
    }

    [Fact]
    public async Task Target_that_does_not_answer_in_the_payloads_time_is_a_timeout()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await HttpReceiver.StartAsync(async context =>
        {
            called.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);

        var failing = requests.FailAsync($$"""{"url":"{{receiver.Address}}","timeout_seconds":2.5}""");
        await called.Task.WaitAsync(Eventually.Deadline, Cancellation);
        requests.Time.Advance(TimeSpan.FromSeconds(2.4));
        Assert.False(failing.IsCompleted);
        requests.Time.Advance(TimeSpan.FromSeconds(0.1));

        var error = await failing.WaitAsync(Eventually.Deadline, Cancellation);
        Assert.Equal((typeof(FailedAttemptException), JobErrors.Timeout), (error.GetType(), error.ErrorType));
        Assert.Equal("The call took longer than its timeout_seconds of 2.5 s.", error.Message);
    }

    [Fact]
    public async Task Call_ends_when_its_job_is_told_to_stop()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await HttpReceiver.StartAsync(async context =>
        {
            called.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await using var requests = new HttpRequests([receiver.HostAndPort]);
        using var stop = new CancellationTokenSource();

        var run = requests.RunAsync(TestJobs.Create("http.request", $$"""{"url":"{{receiver.Address}}"}"""), stop.Token);
        await called.Task.WaitAsync(Eventually.Deadline, Cancellation);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Closed_port_and_unknown_name_read_the_same()
    {
        var port = FreePort.Any().ToString(CultureInfo.InvariantCulture);
        await using var requests = new HttpRequests(
            [$"127.0.0.1:{port}", $"nowhere.example:{port}"], (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));

        var closed = await requests.FailAtAsync($"http://127.0.0.1:{port}/");
        var unknown = await requests.FailAtAsync($"http://nowhere.example:{port}/");

        Assert.Equal((typeof(FailedAttemptException), JobErrors.Connection, "No connection to the target could be made."), (closed.GetType(), closed.ErrorType, closed.Message));
        Assert.Equal((closed.GetType(), closed.ErrorType, closed.Message), (unknown.GetType(), unknown.ErrorType, unknown.Message));
    }

    [Theory]
    [InlineData("220 smtp.example ESMTP\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task Answer_that_is_no_http_or_breaks_off_is_a_network_error(string answer)
    {
        using var listener = new RawListener(answer);
        await using var requests = new HttpRequests([$"127.0.0.1:{listener.Port}"]);

        var error = await requests.FailAtAsync($"http://127.0.0.1:{listener.Port}/");

        Assert.Equal((typeof(FailedAttemptException), JobErrors.Connection), (error.GetType(), error.ErrorType));
    }

    [Fact]
    public async Task Answer_with_headers_beyond_measure_is_a_network_error()
    {
        using var listener = new RawListener($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 20_000)}\r\nContent-Length: 0\r\n\r\n");
        await using var requests = new HttpRequests([$"127.0.0.1:{listener.Port}"]);

        var error = await requests.FailAtAsync($"http://127.0.0.1:{listener.Port}/");

        Assert.Equal((JobErrors.Connection, "The target's answer has more headers than are read."), (error.ErrorType, error.Message));
    }

    [Theory]
    [InlineData("""{}""", "payload.url is missing.")]
    [InlineData("""{"url":"ftp://example.com/"}""", "payload.url must begin with http:// or https://.")]
    [InlineData("""{"url":"http://u:p@example.com/"}""", "payload.url must not contain a user name or password; send them in a header.")]
    [InlineData("""{"url":"http://example.com/","method":"CONNECT"}""", "payload.method must not be CONNECT or TRACE.")]
    [InlineData("""{"url":"http://example.com/","headers":{"host":"x"}}""", "payload.headers.host is set by the connection and must be left out.")]
    [InlineData("""{"url":"http://example.com/","headers":{"Webhook-Id":"x"}}""", "payload.headers.Webhook-Id is set by the signature and must be left out.")]
    [InlineData("""{"url":"http://example.com/","headers":{"X":"a\r\nY: b"}}""", "payload.headers.X must not contain line breaks or other control characters.")]
    [InlineData("""{"url":"http://example.com/","headers":{"X Y":"a"}}""", "payload.headers['X Y'] is not the name of a header.")]
    [InlineData("""{"url":"http://example.com/","headers":{"X-A":"a","x-a":"b"}}""", "payload.headers.x-a is given twice.")]
    [InlineData("""{"url":"http://example.com/","headers":{"X":7}}""", "payload.headers.X must be text, not a number.")]
    [InlineData("""{"url":"http://example.com/","timeout_seconds":0}""", "payload.timeout_seconds must be from 0.001 to 86400.")]
    [InlineData("""{"url":"http://example.com/","body":"\ud800"}""", @"payload.body holds half a character (such as \ud800), which is no text.")]
    [InlineData("""{"url":"http://example.com/","uri":1}""", "payload.uri is not known; known are url, method, headers, body, timeout_seconds.")]
    public async Task Payload_that_is_no_call_is_a_permanent_error_that_says_why(string payload, string message)
    {
        await using var requests = new HttpRequests([]);

        var error = await requests.FailAsync(payload);

        Assert.Equal((typeof(PermanentJobException), "invalid_payload", message), (error.GetType(), error.ErrorType, error.Message));
    }

    [Fact]
    public async Task Headers_beyond_measure_are_refused()
    {
        await using var requests = new HttpRequests([]);

        var error = await requests.FailAsync($$"""{"url":"http://example.com/","headers":{"X":"{{new string('x', 16_000)}}"} }""");

        Assert.Equal("payload.headers must have at most 16,000 characters together.", error.Message);
    }
}
