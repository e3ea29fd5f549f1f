using System.ComponentModel.DataAnnotations;
using JobQueue.Access.Signing;
using JobQueue.Jobs.Targets;

namespace JobQueue.Handlers.Http;

/// <summary>Section <c>Handlers:Http</c>: what <c>http.request</c> may call, and how it signs where there are no tenants to ask.</summary>
public sealed class HttpHandlerOptions
{
    public const string Section = "Handlers:Http";

    /// <summary>
    /// What may be called although it lies in a private network, each as <c>host:port</c>: a name allows what is called by this name,
    /// an address what is dialled at it.
    /// </summary>
    [HostAndPort]
    public IList<string> AllowedPrivateHosts { get; set; } = [];

    /// <summary>
    /// What a process of the command <c>worker</c> signs its calls with, the older first: a server's tenants have their own, which it
    /// gives to nobody.
    /// </summary>
    [Secret]
    public IList<string> SigningSecrets { get; set; } = [];

    private sealed class HostAndPortAttribute() : ValidationAttribute("a host and a port, such as localhost:8080")
    {
        public override bool IsValid(object? value) =>
            value is string text && HttpTarget.Of($"http://{text}") is { } target
            && text.EndsWith($":{target.Port}", StringComparison.Ordinal) && !text.AsSpan().ContainsAny("/?#");
    }

    private sealed class SecretAttribute() : ValidationAttribute("whsec_ and 24 to 64 bytes in base64, padded")
    {
        public override bool IsValid(object? value) => value is string text && SigningSecret.TryRead(text, out _);
    }
}
