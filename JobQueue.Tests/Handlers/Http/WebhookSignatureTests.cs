using System.Globalization;
using System.Text;
using System.Text.Json;
using JobQueue.Access.Signing;
using JobQueue.Handlers.Http;
using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace JobQueue.Tests.Handlers.Http;

/// <summary>Signatures as the libraries that receivers use see them.</summary>
public sealed class WebhookSignatureTests(ClientPackages packages)
{
    private const string Id = "0198a6f2-6c00-7000-8000-123456789abc";

    private static readonly SigningSecret Older = SigningSecret.Create();
    private static readonly SigningSecret Newer = SigningSecret.Create();

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["json"] = """{ "n": 1.50,"name":"Zoë" }""",
        ["text"] = "line one\nline two é",
        ["empty"] = "",
    };

    /// <summary>The example of the specification's reference libraries.</summary>
    [Fact]
    public void Signature_is_that_of_the_public_test_vector()
    {
        Assert.True(SigningSecret.TryRead("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret));
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}"""u8));
    }

    [Theory]
    [InlineData("json", true, true)]
    [InlineData("text", true, true)]
    [InlineData("json", false, true)]
    [InlineData("text", false, true)]
    [InlineData("json", false, false)]
    public void Verifier_of_dotnet_accepts_the_older_of_two_secrets_and_a_single_one(string body, bool both, bool holdsOlder)
    {
        var holds = holdsOlder ? Older : Newer;
        var signature = Sign(both ? [Older, Newer] : [holds], Bodies[body]);

        new StandardWebhook(holds.Text).Verify(Bodies[body], Headers(signature));
    }

    /// <summary>Why the older one stands first: this library looks at the first signature alone. Should it learn, the guide can say less.</summary>
    [Fact]
    public void Verifier_of_dotnet_does_not_see_the_second_signature() =>
        Assert.Throws<WebhookVerificationException>(() => new StandardWebhook(Newer.Text).Verify(Bodies["json"], Headers(Sign([Older, Newer], Bodies["json"]))));

    [Fact]
    public async Task Verifiers_of_npm_accept_either_secret_in_either_place_and_no_other()
    {
        using var folder = await packages.FolderAsync();
        var calls = new List<object>();
        foreach (var (body, text) in Bodies)
        {
            foreach (var (place, secrets) in new Dictionary<string, SigningSecret[]> { ["older first"] = [Older, Newer], ["newer first"] = [Newer, Older], ["alone"] = [Older] })
            {
                var headers = Headers(Sign(secrets, text)).ToDictionary(header => header.Key, header => header.Value.ToString());
                calls.Add(new { name = $"{body} {place} older", secret = Older.Text, body = text, headers });
                calls.Add(new { name = $"{body} {place} newer", secret = Newer.Text, body = text, headers });
            }
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "calls.json"), JsonSerializer.Serialize(calls), TestContext.Current.CancellationToken);
        var said = await Tool.MustRunAsync(
            folder.Path, ScriptProcess.Find("node", "node is missing: apt-get install nodejs"), ["webhooks/verify.mjs", "calls.json"]);

        var verdicts = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Bodies.Count * 3 * 2 * 2, verdicts.Length);
        Assert.All(verdicts, verdict => Assert.EndsWith(
            verdict.Contains("alone newer", StringComparison.Ordinal) ? ": refused" : ": accepted", verdict, StringComparison.Ordinal));
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static (string Timestamp, string Signature) Sign(IReadOnlyList<SigningSecret> secrets, string body)
    {
        var now = Now;
        return (now.ToString(CultureInfo.InvariantCulture), WebhookSignature.Of(secrets, Id, now, Encoding.UTF8.GetBytes(body)));
    }

    private static HeaderDictionary Headers((string Timestamp, string Signature) signed) => new()
    {
        [WebhookSignature.IdHeader] = Id,
        [WebhookSignature.TimestampHeader] = signed.Timestamp,
        [WebhookSignature.SignatureHeader] = signed.Signature,
    };
}
