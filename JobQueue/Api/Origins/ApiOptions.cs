using System.ComponentModel.DataAnnotations;

namespace JobQueue.Api.Origins;

/// <summary>Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Other sites whose pages may call the API from a browser, with a token of their own.</summary>
    [Origin]
    public IList<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// Exactly what a browser sends, since that is what is compared. No <c>*</c>: who lets pages of any site in should know them.
    /// </summary>
    private sealed class OriginAttribute() : ValidationAttribute(
        "the origin of a site as browsers send it, such as https://app.example.com: in small letters, with a port unless it is the usual one, without a path")
    {
        public override bool IsValid(object? value) =>
            value is string text
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && text == $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
    }
}
