using System.ComponentModel.DataAnnotations;
using System.Net;

namespace JobQueue.Configuration.Proxies;

/// <summary>
/// Section <c>Proxy</c>: reverse proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> are believed.
/// </summary>
public sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Networks in CIDR notation. Empty: the header fields are ignored.</summary>
    [Cidr]
    public IList<string> KnownNetworks { get; set; } = [];

    private sealed class CidrAttribute() : ValidationAttribute("a network in CIDR notation, such as 10.0.0.0/8")
    {
        public override bool IsValid(object? value) => value is string text && IPNetwork.TryParse(text, out _);
    }
}
