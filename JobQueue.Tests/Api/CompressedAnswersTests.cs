using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api;

/// <summary>Answers that go out compressed, and those that do not.</summary>
public sealed class CompressedAnswersTests : IAsyncLifetime
{
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(RemoteCalls.StandingClock());
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    public async Task List_of_200_jobs_shrinks_to_less_than_a_seventh(string asked, string coding)
    {
        await SubmitAsync(200);
        var plain = await (await GetAsync("/jobs?limit=200", null)).Content.ReadAsByteArrayAsync(Cancellation);

        using var answer = await GetAsync("/jobs?limit=200", asked);

        Assert.Equal(coding, Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        var packed = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.InRange(packed.Length, 1, (int)(0.15 * plain.Length));
        Assert.Equal(Encoding.UTF8.GetString(plain), Unpack(coding, packed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("zstd")]
    public async Task List_goes_out_as_it_is_with_its_length_to_who_asks_for_nothing_known(string? asked)
    {
        await SubmitAsync(50);

        using var answer = await GetAsync("/jobs", asked);

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.NotNull(answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Small_answers_writes_leases_and_pages_are_never_compressed()
    {
        await SubmitAsync(20);
        var id = (await _acme.SubmitAsync()).Id;

        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Get, $"/jobs/{id}", null),
            (HttpMethod.Get, "/login", null),
            (HttpMethod.Post, "/jobs/batch", Batch(20)),
            (HttpMethod.Post, "/leases", """{"worker":"w","max":20}"""),
        })
        {
            using var answer = await SendAsync(method, path, "gzip, br", body);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            Assert.True(answer.Content.Headers.ContentEncoding.Count == 0, path);
        }
    }

    [Fact]
    public async Task Events_arrive_one_by_one_with_a_client_that_would_take_them_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var answer = await _acme.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));

        var id = (await _acme.SubmitAsync()).Id;

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        string? line;
        do
            line = await lines.ReadLineAsync(Cancellation);
        while (line is not null && !line.Contains(id, StringComparison.Ordinal));
        Assert.NotNull(line);
    }

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    public async Task What_tools_read_again_and_again_is_compressed_too(string path)
    {
        using var admin = await _app.ClientAsync("acme", JobQueue.Access.Scopes.Admin, JobQueue.Access.Scopes.MetricsRead);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using var answer = await admin.SendAsync(request, Cancellation);

        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.NotEmpty(Unpack("gzip", await answer.Content.ReadAsByteArrayAsync(Cancellation)));
    }

    private static string Batch(int jobs) => $$"""{"jobs":[{{string.Join(',', Enumerable.Range(0, jobs).Select(number => string.Create(
        CultureInfo.InvariantCulture, $$$"""{"type":"mail","payload":{"to":"user{{{number}}}@example.com","order":{{{number * 7919}}}}}""")))}}]}""";

    private static string Unpack(string coding, byte[] packed)
    {
        using var stream = new MemoryStream(packed);
        using Stream unpacked = coding == "br" ? new BrotliStream(stream, CompressionMode.Decompress) : new GZipStream(stream, CompressionMode.Decompress);
        return new StreamReader(unpacked).ReadToEnd();
    }

    private async Task SubmitAsync(int jobs) => (await _acme.PostApiAsync("/jobs/batch", Batch(jobs))).Is(HttpStatusCode.Created);

    private Task<HttpResponseMessage> GetAsync(string path, string? acceptEncoding) => SendAsync(HttpMethod.Get, path, acceptEncoding);

    /// <summary>With a bare client: one that holds answers against the document reads them as they are.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? acceptEncoding, string? body = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _app.Address };
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = _acme.DefaultRequestHeaders.Authorization } };
        if (acceptEncoding is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(request, Cancellation);
    }
}
