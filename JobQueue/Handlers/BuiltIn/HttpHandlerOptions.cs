using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Section <c>Handlers:Http</c>: what <c>http.request</c> may call.</summary>
public sealed class HttpHandlerOptions
{
    public const string Section = "Handlers:Http";

    /// <summary>Hosts in private networks that may be called although they are there, each as <c>host:port</c>.</summary>
    [HostAndPort]
    public IList<string> AllowedPrivateHosts { get; set; } = [];

    private sealed class HostAndPortAttribute() : ValidationAttribute("a host and a port, such as localhost:8080")
    {
        public override bool IsValid(object? value) =>
            value is string text
            && Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri)
            && text.EndsWith($":{uri.Port}", StringComparison.Ordinal)
            && uri.Authority.Length > 0 && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0;
    }
}
