using System.Text;
using JobQueue.Access.Signing;
using JobQueue.Handlers.Http.Outbound;
using JobQueue.Jobs;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using Microsoft.Extensions.Options;

namespace JobQueue.Handlers.Http;

/// <summary>Calls an address over HTTP, signed where the tenant has a secret for that: webhooks.</summary>
internal sealed class HttpRequestHandler(OutboundCalls calls, ISigningKeys keys, IOptions<JobsOptions> jobs, TimeProvider time) : IJobHandler<HttpRequestPayload>
{
    private const int MostKept = 64 << 10;
    /// <summary>What JSON can make of one byte: <c>\u0000</c>.</summary>
    private const int BytesInJson = 6;

    /// <summary>What stands around the body in a result, headers above all.</summary>
    private const int Around = 48 << 10;

    private const int MostToldOfFailure = 500;

    /// <summary>What the text of a failed answer may take, which is only for people.</summary>
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(1);

    /// <summary>The call is made: its result must not be refused for its length where results must be small.</summary>
    private readonly int _mostKept = Math.Clamp(((jobs.Value.MaxPayloadKilobytes * 1024) - Around) / BytesInJson, 0, MostKept);

    public static string Type => JobTarget.HttpType;

    public static string Summary => "Calls an http or https address on the public internet, signed as Standard Webhooks say when the tenant has a signing secret.";

    public static HttpRequestPayload Example { get; } = new("https://example.com/hooks", Body: new RawJson("""{"order":1017}"""u8.ToArray()));

    /// <summary>Without settings of its own a worker elsewhere would send unsigned what the server, which has the tenants' secrets, signs.</summary>
    public static string? Unavailable(IConfiguration configuration) =>
        configuration.GetSection(HttpHandlerOptions.Section).AsEnumerable().Any(setting => !string.IsNullOrEmpty(setting.Value))
            ? null
            : $"nothing is set in {HttpHandlerOptions.Section}, such as {nameof(HttpHandlerOptions.SigningSecrets)}";

    public async Task<object?> RunAsync(HttpRequestPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var secrets = await keys.OfAsync(context.Job.TenantId, cancellationToken);
        using var request = HttpCall.Create(payload, context.Job, secrets, time.GetUtcNow());
        using var deadline = new CancellationTokenSource(
            payload.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var answer = await calls.SendAsync(request, either.Token);
            if (HttpFailures.Of(answer, time.GetUtcNow()) is { } failure)
            {
                await TellAsync(answer, context, either.Token);
                throw failure;
            }

            var (body, truncated) = await AnswerText.ReadAsync(answer.Content, _mostKept, either.Token);
            return new HttpRequestResult((int)answer.StatusCode, HeadersOf(answer), body, truncated);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw deadline.IsCancellationRequested
                ? HttpFailures.TimedOut(payload.TimeoutSeconds!.Value, exception)
                : HttpFailures.ConnectTimedOut(exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw HttpFailures.Of(exception);
        }
    }

    /// <summary>Why it failed is best said by the target: the job's log keeps the beginning of that.</summary>
    private async Task TellAsync(HttpResponseMessage answer, JobContext context, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(TellWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var (body, truncated) = await AnswerText.ReadAsync(answer.Content, MostToldOfFailure, either.Token);
            if (body.Length > 0)
                await context.LogAsync($"The target answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(body.Span)}{(truncated ? "…" : "")}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // Its status is known, and says enough.
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value), StringComparer.Ordinal);
}
