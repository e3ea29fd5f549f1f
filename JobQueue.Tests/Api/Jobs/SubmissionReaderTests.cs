using System.Text;
using JobQueue.Api.Jobs;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using Microsoft.Extensions.Options;

namespace JobQueue.Tests.Api.Jobs;

public sealed class SubmissionReaderTests
{
    private static readonly SubmissionOrigin Origin = new(new TenantId(1), "token:test", null);

    private static readonly SubmissionReader Reader = new(
        Options.Create(new JobsOptions { MaxPayloadKilobytes = 1 }), Options.Create(new RetriesOptions { MaxRetries = 7 }), TimeProvider.System);

    [Fact]
    public void Defaults_are_filled_in()
    {
        var submission = Read("""{"payload":{}}""");

        Assert.Equal("echo", submission.Type);
        Assert.Equal("default", submission.Queue);
        Assert.Equal(0, submission.Priority);
        Assert.Equal(7, submission.MaxRetries);
        Assert.Equal(300, submission.TimeoutSeconds);
        Assert.Empty(submission.Tags);
        Assert.Null(submission.RunAt);
        Assert.Null(submission.Delay);
        Assert.Null(submission.IdempotencyKey);
        Assert.Null(submission.RequestHash);
        Assert.Equal("token:test", submission.SubmittedBy);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var submission = Read("""
            {"type":"a.b_c-1","queue":"Q","idempotency_key":"k 1","priority":-100,"run_at":"2026-01-31T13:00:00+01:00",
             "max_retries":0,"timeout_seconds":86400,"tags":["x","y"],"payload":1}
            """);

        Assert.Equal("a.b_c-1", submission.Type);
        Assert.Equal("Q", submission.Queue);
        Assert.Equal("k 1", submission.IdempotencyKey);
        Assert.Equal(-100, submission.Priority);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), submission.RunAt);
        Assert.Equal(0, submission.MaxRetries);
        Assert.Equal(86_400, submission.TimeoutSeconds);
        Assert.Equal(["x", "y"], submission.Tags);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1.0e5")]
    [InlineData("\"\\u0000 \\ud800\"")]
    [InlineData("""{"b":1, "a":[ 1.00 ],"a":2}""")]
    [InlineData("-0")]
    public void Payload_is_kept_as_it_was_sent(string payload)
    {
        var submission = Read($$"""{"payload": {{payload}} ,"priority":1}""");

        Assert.Equal(payload, Encoding.UTF8.GetString(submission.Payload.Span));
    }

    [Fact]
    public void Null_is_as_good_as_absent_for_every_field_but_the_payload()
    {
        var submission = Read("""
            {"type":null,"queue":null,"idempotency_key":null,"priority":null,"run_at":null,"delay_seconds":null,
             "max_retries":null,"timeout_seconds":null,"tags":null,"payload":null}
            """);

        Assert.Equal("echo", submission.Type);
        Assert.Equal("null", Encoding.UTF8.GetString(submission.Payload.Span));
    }

    [Theory]
    [InlineData("""{}""", "payload")]
    [InlineData("""{"payload":1,"idempotencyKey":"x"}""", "idempotencyKey")]
    [InlineData("""{"payload":1,"\ud800":"x"}""", @"\ud800")]
    [InlineData("""{"payload":1,"payload":2}""", "payload")]
    [InlineData("""{"payload":1,"p\u0072iority":1,"priority":1}""", "priority")]
    [InlineData("""{"payload":1,"type":""}""", "type")]
    [InlineData("""{"payload":1,"type":"a b"}""", "type")]
    [InlineData("""{"payload":1,"type":5}""", "type")]
    [InlineData("""{"payload":1,"queue":"a/b"}""", "queue")]
    [InlineData("""{"payload":1,"queue":"\u0000"}""", "queue")]
    [InlineData("""{"payload":1,"queue":{"a":[1]}}""", "queue")]
    [InlineData("""{"payload":1,"idempotency_key":""}""", "idempotency_key")]
    [InlineData("""{"payload":1,"idempotency_key":"é"}""", "idempotency_key")]
    [InlineData("""{"payload":1,"idempotency_key":"a\tb"}""", "idempotency_key")]
    [InlineData("""{"payload":1,"priority":101}""", "priority")]
    [InlineData("""{"payload":1,"priority":-101}""", "priority")]
    [InlineData("""{"payload":1,"priority":1.5}""", "priority")]
    [InlineData("""{"payload":1,"priority":"1"}""", "priority")]
    [InlineData("""{"payload":1,"priority":1e400}""", "priority")]
    [InlineData("""{"payload":1,"priority":99999999999999999999}""", "priority")]
    [InlineData("""{"payload":1,"max_retries":-1}""", "max_retries")]
    [InlineData("""{"payload":1,"max_retries":101}""", "max_retries")]
    [InlineData("""{"payload":1,"timeout_seconds":0}""", "timeout_seconds")]
    [InlineData("""{"payload":1,"timeout_seconds":86401}""", "timeout_seconds")]
    [InlineData("""{"payload":1,"timeout_seconds":true}""", "timeout_seconds")]
    [InlineData("""{"payload":1,"run_at":"2026-01-31T12:00:00"}""", "run_at")]
    [InlineData("""{"payload":1,"run_at":"tomorrow"}""", "run_at")]
    [InlineData("""{"payload":1,"run_at":1769860800}""", "run_at")]
    [InlineData("""{"payload":1,"run_at":"9999-12-31T23:59:59Z"}""", "run_at")]
    [InlineData("""{"payload":1,"delay_seconds":3155760001}""", "delay_seconds")]
    [InlineData("""{"payload":1,"delay_seconds":-0.001}""", "delay_seconds")]
    [InlineData("""{"payload":1,"delay_seconds":1e400}""", "delay_seconds")]
    [InlineData("""{"payload":1,"delay_seconds":"5"}""", "delay_seconds")]
    [InlineData("""{"payload":1,"tags":"x"}""", "tags")]
    [InlineData("""{"payload":1,"tags":[1]}""", "tags")]
    [InlineData("""{"payload":1,"tags":[null]}""", "tags")]
    [InlineData("""{"payload":1,"tags":[""]}""", "tags")]
    [InlineData("""{"payload":1,"tags":["a\nb"]}""", "tags")]
    [InlineData("""{"payload":1,"tags":["\ud800"]}""", "tags")]
    [InlineData("""{"payload":1,"tags":["1","2","3","4","5","6","7","8","9","10","11"]}""", "tags")]
    public void Invalid_field_is_named(string body, string field)
    {
        var problem = Refused(body);

        Assert.Equal(400, problem.Kind.Status);
        Assert.Equal([field], problem.Errors!.Keys);
    }

    [Fact]
    public void Job_is_put_off_for_a_hundred_years_at_most_in_both_ways_to_say_it()
    {
        var now = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Null(SubmissionRules.RunAtError(now.AddSeconds(SubmissionRules.MaxDelaySeconds), now));
        Assert.NotNull(SubmissionRules.RunAtError(now.AddSeconds(SubmissionRules.MaxDelaySeconds + 1), now));
        Assert.Equal(SubmissionRules.MaxDelay, Read("""{"payload":1,"delay_seconds":3155760000}""").Delay);
        Assert.NotNull(Read("""{"payload":1,"run_at":"2125-01-01T00:00:00Z"}""").RunAt);
    }

    [Fact]
    public void All_errors_are_found_at_once()
    {
        var problem = Refused("""{"priority":101,"type":"","nonsense":{"a":[1,{"b":2}]},"tags":{},"timeout_seconds":0}""");

        Assert.Equal(["nonsense", "payload", "priority", "tags", "timeout_seconds", "type"], problem.Errors!.Keys.Order());
    }

    [Fact]
    public void Run_at_and_delay_exclude_each_other()
    {
        var problem = Refused("""{"payload":1,"run_at":"2026-01-31T12:00:00Z","delay_seconds":0}""");

        Assert.Equal(["delay_seconds", "run_at"], problem.Errors!.Keys.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("""{"payload":1""")]
    [InlineData("""{"payload":1}x""")]
    [InlineData("""{"payload":1}{}""")]
    [InlineData("""{"payload":1,}""")]
    [InlineData("""{"payload":01}""")]
    [InlineData("""{"payload":NaN}""")]
    [InlineData("""{"payload":1 /* x */}""")]
    [InlineData("{\"payload\":\"a\nb\"}")]
    public void What_is_no_json_object_is_malformed(string body)
    {
        var problem = Refused(body);

        Assert.Equal((400, "malformed-body"), (problem.Kind.Status, problem.Kind.Code));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC3 })]
    public void Invalid_utf8_is_malformed_also_inside_the_payload(byte[] text)
    {
        byte[] body = [.. "{\"payload\":\""u8, .. text, .. "\"}"u8];

        var parsed = RequestBody.Parse(body, (ref FieldReader fields) => Reader.Read(ref fields, Origin, null));

        Assert.Equal("malformed-body", parsed.Problem!.Kind.Code);
    }

    [Fact]
    public void Payload_may_be_nested_64_levels_deep_and_no_deeper()
    {
        var deepest = new string('[', 64) + new string(']', 64);
        Read($$"""{"payload":{{deepest}}}""");
        Read($$$"""{"payload":{"a":{{{deepest[1..^1]}}}}}""");

        Assert.Equal(["payload"], Refused($$"""{"payload":[{{deepest}}]}""").Errors!.Keys);
        Assert.Equal(["payload"], Refused($$$"""{"payload":{"a":{{{deepest}}}}}""").Errors!.Keys);
        Assert.Equal(["jobs[0].payload"], RefusedBatch($$"""{"jobs":[{"payload":[{{deepest}}]}]}""").Errors!.Keys);
        ReadBatch($$"""{"jobs":[{"payload":{{deepest}}}]}""");
    }

    [Fact]
    public void Payload_larger_than_the_limit_is_413()
    {
        Read($$"""{"payload":"{{new string('x', 1022)}}"}""");

        var problem = Refused($$"""{"payload":"{{new string('x', 1023)}}"}""");

        Assert.Equal((413, "payload-too-large"), (problem.Kind.Status, problem.Kind.Code));
    }

    [Fact]
    public void A_tag_is_measured_in_characters_not_in_bytes_or_halves_of_surrogates()
    {
        Read($$"""{"payload":1,"tags":["{{string.Concat(Enumerable.Repeat("😀", 50))}}"]}""");

        Refused($$"""{"payload":1,"tags":["{{string.Concat(Enumerable.Repeat("😀", 51))}}"]}""");
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0015", 2)]
    [InlineData("1.5", 1_500)]
    [InlineData("1e1", 10_000)]
    [InlineData("3155760000", 3_155_760_000_000)]
    public void Delay_is_a_decimal_number_of_seconds(string delay, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read($$"""{"payload":1,"delay_seconds":{{delay}}}""").Delay);

    [Fact]
    public void Key_may_come_from_the_header()
    {
        Assert.Equal("h", Read("""{"payload":1}""", "h").IdempotencyKey);
        Assert.Equal("h", Read("""{"payload":1,"idempotency_key":"h"}""", "h").IdempotencyKey);
        Assert.Equal(["idempotency_key"], Refused("""{"payload":1,"idempotency_key":"b"}""", "h").Errors!.Keys);
    }

    [Theory]
    [InlineData("""{"payload":{"a":1.0,"b":[true]}}""", """{ "type":"echo", "queue":"default","priority":0,"max_retries":7,"timeout_seconds":300,"tags":[],"payload":{"b":[true],"a":1e0} }""")]
    [InlineData("""{"payload":1,"run_at":"2026-01-31T12:00:00Z"}""", """{"payload":1,"run_at":"2026-01-31T13:00:00.0004+01:00"}""")]
    [InlineData("""{"payload":1,"delay_seconds":1}""", """{"payload":1,"delay_seconds":1.0}""")]
    [InlineData("""{"payload":1,"priority":5}""", """{"payload":1,"priority":5.0}""")]
    public void Equal_requests_have_equal_hashes(string left, string right) =>
        Assert.Equal(Read(left, "k").RequestHash, Read(right, "k").RequestHash);

    [Theory]
    [InlineData("""{"payload":1,"type":"other"}""")]
    [InlineData("""{"payload":1,"queue":"other"}""")]
    [InlineData("""{"payload":2}""")]
    [InlineData("""{"payload":1,"priority":1}""")]
    [InlineData("""{"payload":1,"run_at":"2026-01-31T12:00:00Z"}""")]
    [InlineData("""{"payload":1,"delay_seconds":0}""")]
    [InlineData("""{"payload":1,"delay_seconds":0.0001}""")]
    [InlineData("""{"payload":1,"max_retries":1}""")]
    [InlineData("""{"payload":1,"timeout_seconds":1}""")]
    [InlineData("""{"payload":1,"tags":["a"]}""")]
    [InlineData("""{"payload":1,"type":"default","queue":"echo"}""")]
    public void Every_field_counts_in_the_hash(string other)
    {
        var hash = Read(other, "k").RequestHash!;

        Assert.Equal(RequestHash.Size, hash.Length);
        Assert.NotEqual(Read("""{"payload":1}""", "k").RequestHash, hash);
    }

    [Fact]
    public void Each_job_without_a_trace_gets_one_of_its_own()
    {
        var batch = ReadBatch("""{"jobs":[{"payload":1},{"payload":1}]}""");

        Assert.NotEqual(batch[0].Trace.TraceId, batch[1].Trace.TraceId);
    }

    [Theory]
    [InlineData("""{"jobs":[{"payload":1},{"payload":1,"priority":101}]}""", "jobs[1].priority")]
    [InlineData("""{"jobs":[{"payload":1},{}]}""", "jobs[1].payload")]
    [InlineData("""{"jobs":[5]}""", "jobs[0]")]
    [InlineData("""{"jobs":[null]}""", "jobs[0]")]
    [InlineData("""{"jobs":[{"payload":1,"nonsense":1}]}""", "jobs[0].nonsense")]
    [InlineData("""{"jobs":[{"payload":1,"idempotency_key":"k"},{"payload":1},{"payload":1,"idempotency_key":"k"}]}""", "jobs[2].idempotency_key")]
    [InlineData("""{"jobs":[]}""", "jobs")]
    [InlineData("""{"jobs":null}""", "jobs")]
    [InlineData("""{"jobs":{}}""", "jobs")]
    [InlineData("""{}""", "jobs")]
    [InlineData("""{"jobs":[{"payload":1}],"priority":1}""", "priority")]
    public void Invalid_member_of_a_batch_is_named_with_its_place(string body, string field) =>
        Assert.Equal([field], RefusedBatch(body).Errors!.Keys);

    [Fact]
    public void Batch_has_at_most_1000_members()
    {
        static string Batch(int count) => $$"""{"jobs":[{{string.Join(',', Enumerable.Repeat("""{"payload":1}""", count))}}]}""";

        Assert.Equal(1_000, ReadBatch(Batch(1_000)).Count);
        Assert.Equal(["jobs"], RefusedBatch(Batch(1_001)).Errors!.Keys);
    }

    [Fact]
    public void A_body_that_is_wrong_all_over_gets_a_bounded_answer()
    {
        var body = $$"""{{{string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"{i}{new string('x', 500)}\":1"))}}}""";

        var errors = Refused(body).Errors!;

        Assert.True(errors.Count <= 100);
        Assert.All(errors.Keys, name => Assert.True(name.Length <= 100));
    }

    private static Submission Read(string body, string? key = null) => Accept(Parse(body, key))!;

    private static Problem Refused(string body, string? key = null) => Refuse(Parse(body, key));

    private static IReadOnlyList<Submission> ReadBatch(string body) => Accept(ParseBatch(body));

    private static Problem RefusedBatch(string body) => Refuse(ParseBatch(body));

    private static T Accept<T>(Parsed<T> parsed)
    {
        Assert.True(parsed.Problem is null, parsed.Problem?.ToString());
        return parsed.Value!;
    }

    private static Problem Refuse<T>(Parsed<T> parsed)
    {
        Assert.NotNull(parsed.Problem);
        return parsed.Problem;
    }

    private static Parsed<Submission?> Parse(string body, string? key) =>
        RequestBody.Parse(Encoding.UTF8.GetBytes(body), (ref FieldReader fields) => Reader.Read(ref fields, Origin, key));

    private static Parsed<IReadOnlyList<Submission>> ParseBatch(string body) =>
        RequestBody.Parse(Encoding.UTF8.GetBytes(body), (ref FieldReader fields) => Reader.ReadBatch(ref fields, Origin));
}
