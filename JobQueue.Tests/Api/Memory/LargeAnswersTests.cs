using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JobQueue.Api.Memory;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Memory;

/// <summary>Answers and bodies are bounded in bytes, each and all together, whoever reads or sends slowly.</summary>
public sealed class LargeAnswersTests : IAsyncLifetime
{
    private const int Large = 500_000;
    private const int Most = 3 << 20;

    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallMemory Held => _app.Services.GetRequiredService<CallMemory>();

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(_time);
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Page_of_large_jobs_ends_early_and_its_cursor_leads_through_all_of_them()
    {
        var submitted = await SubmitLargeAsync(12);

        var (listed, pages) = await WalkAsync("/jobs?limit=200", "id");

        Assert.Equal(submitted.Reverse(), listed);
        Assert.InRange(pages, 3, 12);
    }

    [Fact]
    public async Task Page_of_large_dead_letters_ends_early_and_its_cursor_leads_through_all_of_them()
    {
        var submitted = await SubmitLargeAsync(12);
        for (var left = 12; left > 0;)
        {
            foreach (var lease in await _acme.LeasesAsync(more: ""","max":100"""))
            {
                (await _acme.FailAsync(lease, """{"error":"no paper","retryable":false}""")).Is(HttpStatusCode.OK);
                left--;
            }
        }

        var (listed, pages) = await WalkAsync("/dlq?limit=200", "job_id");

        Assert.Equal(submitted.Order(), listed.Order());
        Assert.InRange(pages, 3, 12);
    }

    [Fact]
    public async Task Page_of_a_log_ends_early_when_its_lines_are_long_and_its_cursor_leads_through_all_of_them()
    {
        var id = (await _acme.SubmitAsync()).Id;
        var lease = await _acme.LeaseAsync();
        var lines = Enumerable.Range(100, 150).Select(number => $"{number}{new string('\u8a9e', 7_900)}").ToList();
        (await _acme.BeatAsync(lease, $$"""{"log":"{{string.Join("\\n", lines)}}"}""")).Is(HttpStatusCode.OK);

        var (read, pages) = await WalkAsync($"/jobs/{id}/logs?limit=200", "message");

        Assert.Equal(lines, read);
        Assert.InRange(pages, 2, 3);
    }

    [Fact]
    public async Task Leases_are_granted_up_to_so_many_bytes()
    {
        await SubmitLargeAsync(12);

        var granted = await _acme.PostApiAsync("/leases", """{"worker":"w","max":100}""");

        Assert.InRange(granted.Items.Count, 1, 6);
        Assert.InRange(granted.Text.Length, Large, Most);
        Assert.Single(await _acme.LeasesAsync());
    }

    [Fact]
    public async Task Repeated_batch_of_large_jobs_is_answered_whole_without_being_held_whole()
    {
        var payload = new string('x', Large);
        string Batch(int members) => $$"""{"jobs":[{{string.Join(',', Enumerable.Range(0, members).Select(number =>
            $$"""{"idempotency_key":"k{{number}}","payload":"{{payload}}"}"""))}}]}""";
        var first = (await _acme.PostApiAsync("/jobs/batch", Batch(20))).Is(HttpStatusCode.Created);

        var again = (await _acme.PostApiAsync("/jobs/batch", Batch(21))).Is(HttpStatusCode.Created);
        var last = (await _acme.PostApiAsync("/jobs/batch", Batch(21))).Is(HttpStatusCode.OK);

        Assert.Equal(first.Items.Select(item => item["id"]!.GetValue<string>()), again.Items.Take(20).Select(item => item["id"]!.GetValue<string>()));
        Assert.Equal(20, again.Items.Count(item => item["replayed"]?.GetValue<bool>() == true));
        Assert.Equal("true", last.Header("Idempotency-Replayed"));
        Assert.All(last.Items, item => Assert.Equal(payload, item["payload"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Callers_who_do_not_read_hold_bounded_memory_and_are_cut_off(string coding)
    {
        // What does not compress: letters alone would fit into the buffers of a connection.
        var noise = new byte[Large * 3 / 4];
        new Random(1).NextBytes(noise);
        foreach (var _ in Enumerable.Range(0, 12))
            await _acme.SubmitAsync($$"""{"payload":"{{Convert.ToBase64String(noise)}}"}""");
        var silent = new List<Socket>();
        for (var i = 0; i < 40; i++)
            silent.Add(await AskAsync("GET /jobs?limit=200", coding: coding));
        await Eventually.True(() => Held.Answers.Taken > 20 << 20, "the answers are being written");
        Assert.InRange(Held.Answers.Taken, 1, 24 << 20);

        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                return Held.Answers.Taken == 0;
            },
            "those who do not read are cut off");

        (await _acme.GetApiAsync("/jobs?limit=200")).Is(HttpStatusCode.OK);
        silent.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData("/jobs")]
    [InlineData("/dlq")]
    [InlineData("/jobs/{id}")]
    public async Task Answer_that_finds_no_room_is_503_and_small_ones_go_on(string path)
    {
        var id = (await SubmitLargeAsync(1))[0];
        using var full = Held.Answers.Open();
        full.Set(1L << 30);

        var refused = _acme.GetApiAsync(path.Replace("{id}", id, StringComparison.Ordinal));
        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return refused.IsCompleted;
            },
            "it is refused");

        Assert.Equal("1", (await refused).Is(HttpStatusCode.ServiceUnavailable, "overloaded").Header("Retry-After"));
        (await _acme.GetApiAsync("/stats")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_done_is_told_however_full_memory_is()
    {
        await SubmitLargeAsync(2);
        var lease = await _acme.LeaseAsync();
        using var full = Held.Answers.Open();
        full.Set(1L << 30);
        using var bodies = Held.Bodies.Open();
        bodies.Set(1L << 30);

        (await _acme.BeatAsync(lease, $$"""{"log":"{{new string('l', 100_000)}}"}""")).Is(HttpStatusCode.OK);
        Assert.Equal("done", (await _acme.AckAsync(lease, $$"""{"result":"{{new string('r', Large)}}"}""")).Is(HttpStatusCode.OK).Text("status"));
        var other = (await _acme.GetApiAsync("/stats")).Is(HttpStatusCode.OK).Number("pending");
        Assert.Equal(1, other);
    }

    [Fact]
    public async Task Bodies_that_come_at_once_are_bounded_together()
    {
        using var bodies = Held.Bodies.Open();
        bodies.Set(1L << 30);

        var refused = _acme.PostApiAsync("/jobs", $$"""{"payload":"{{new string('x', Large)}}"}""");
        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return refused.IsCompleted;
            },
            "it is refused");

        (await refused).Is(HttpStatusCode.ServiceUnavailable, "overloaded");
        (await _acme.PostApiAsync("/jobs", """{"payload":"small"}""")).Is(HttpStatusCode.Created);
        bodies.Set(0);
        (await _acme.PostApiAsync("/jobs", $$"""{"payload":"{{new string('x', Large)}}"}""")).Is(HttpStatusCode.Created);
        await Eventually.True(() => Held.Bodies.Taken == 0, "the room of a body is given back");
    }

    [Fact]
    public async Task Sender_who_stops_in_the_middle_of_a_body_is_cut_off()
    {
        using var socket = await AskAsync("POST /jobs", contentLength: 1_000_000, body: new string(' ', 100_000));
        await Eventually.True(() => Held.Bodies.Taken >= 1_000_000, "the body is being read");

        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                return Held.Bodies.Taken == 0;
            },
            "its room is given back");

        var answer = new byte[16];
        await socket.ReceiveAsync(answer, Cancellation);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_without_an_announced_length_is_read_and_bounded()
    {
        var large = new StringContent($$"""{"payload":"{{new string('x', Large)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = large, Headers = { TransferEncodingChunked = true } };

        using var answer = await _acme.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private async Task<IReadOnlyList<string>> SubmitLargeAsync(int count)
    {
        var ids = new List<string>();
        foreach (var number in Enumerable.Range(0, count))
            ids.Add((await _acme.SubmitAsync($$"""{"payload":"{{new string((char)('a' + number), Large)}}"}""")).Id);
        return ids;
    }

    private async Task<(IReadOnlyList<string> Ids, int Pages)> WalkAsync(string path, string id)
    {
        var ids = new List<string>();
        string? cursor = null;
        for (var pages = 1; ; pages++)
        {
            var page = (await _acme.GetApiAsync(cursor is null ? path : $"{path}&cursor={cursor}")).Is(HttpStatusCode.OK);
            Assert.InRange(page.Text.Length, 1, Most);
            ids.AddRange(page.Items.Select(item => item[id]!.GetValue<string>()));
            cursor = page.NextCursor;
            if (cursor is null)
                return (ids, pages);
        }
    }

    /// <summary>Asks and then leaves the connection alone.</summary>
    private async Task<Socket> AskAsync(string call, int contentLength = 0, string body = "", string coding = "identity")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, _app.Address.Port, Cancellation);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"{call} HTTP/1.1\r\nHost: {_app.Address.Authority}\r\nAuthorization: {_acme.DefaultRequestHeaders.Authorization}\r\nAccept-Encoding: {coding}\r\nContent-Type: application/json\r\nContent-Length: {contentLength}\r\n\r\n");
        await socket.SendAsync(Encoding.ASCII.GetBytes(head + body), Cancellation);
        return socket;
    }
}
