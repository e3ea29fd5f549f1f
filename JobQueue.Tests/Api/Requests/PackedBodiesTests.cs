using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api.Requests;

/// <summary>Bodies that come compressed.</summary>
public sealed class PackedBodiesTests : IAsyncLifetime
{
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(null, ("Jobs:MaxBodyMegabytes", "1"));
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_is_read_as_what_it_unpacks_to(string coding)
    {
        var large = new string('x', 300_000);

        foreach (var payload in (string[])["small", large])
        {
            var job = (await PostAsync(coding, Pack(coding, $$"""{"payload":"{{payload}}"}"""))).Is(HttpStatusCode.Created);
            Assert.Equal(payload, job.Text("payload"));
        }

        (await PostAsync(coding, Pack(coding, "{}"), "/queues/mail/pause")).Is(HttpStatusCode.OK);
        Assert.Equal(["reson"], (await PostAsync(coding, Pack(coding, """{"reson":1}"""), "/queues/mail/resume")).WrongFields);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Limits_count_what_a_body_unpacks_to(string coding)
    {
        var bomb = Pack(coding, new string(' ', 64 << 20));
        Assert.InRange(bomb.Length, 1, 1_000_000);

        (await PostAsync(coding, bomb)).Is(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        (await PostAsync(coding, Pack(coding, $$"""{"payload":"{{new string('x', 600_000)}}"}""")))
            .Is(HttpStatusCode.RequestEntityTooLarge, "payload-too-large");
        (await PostAsync(coding, Pack(coding, """{"payload":1}"""))).Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    [InlineData("nonsense")]
    public async Task Unknown_coding_is_refused_with_those_that_are_taken(string coding)
    {
        var answer = await PostAsync(coding, [1, 2, 3]);

        answer.Is(HttpStatusCode.UnsupportedMediaType, "unsupported-content-encoding");
        Assert.Equal("br, deflate, gzip", answer.Header("Accept-Encoding"));
        Assert.Contains(coding, answer.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Damaged_or_truncated_body_is_told_as_that(string coding)
    {
        var whole = Pack(coding, $$"""{"payload":"{{string.Concat(Enumerable.Range(0, 20_000))}}"}""");
        byte[][] bodies = [whole[..^1], whole[..(whole.Length / 2)], whole[..5], """{"payload":1}"""u8.ToArray(), [.. whole[..20], .. new byte[20], .. whole[40..]]];

        foreach (var body in bodies)
        {
            var answer = (await PostAsync(coding, body)).Is(HttpStatusCode.BadRequest, "malformed-body");
            Assert.Contains($"'Content-Encoding: {coding}'", answer.Text("detail"), StringComparison.Ordinal);
        }

        (await PostAsync(coding, whole)).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Stream_that_never_unpacks_to_anything_is_bounded_as_it_comes()
    {
        // Empty blocks of deflate: five bytes each for nothing.
        byte[] block = [0, 0, 0, 0xFF, 0xFF];
        byte[] endless = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, .. Enumerable.Repeat(block, 400_000).SelectMany(bytes => bytes)];

        (await PostAsync("gzip", endless)).Is(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    private static byte[] Pack(string coding, string text)
    {
        using var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private async Task<ApiAnswer> PostAsync(string coding, byte[] body, string path = "/jobs")
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await _acme.CallAsync(HttpMethod.Post, path, content);
    }
}
