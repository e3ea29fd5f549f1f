using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace JobQueue.Api.OpenApi;

/// <summary>
/// The API's document for people, drawn by Scalar in their browser. All of it comes from here and nothing is asked elsewhere;
/// a token that is typed in to try a call stays in the open page.
/// </summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapScalarApiReference(Path, Configure).AllowAnonymous();

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        var nonce = RandomNumberGenerator.GetHexString(32);
        // As for the other pages, and besides: the one script that stands in the page, by its nonce, and pictures and fonts that
        // Scalar's script carries in itself.
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        options.Nonce = nonce;
        options.Title = "JobQueue API";
        options.Favicon = "../favicon.svg";
        options.OpenApiRoutePattern = $"/openapi/{DocumentEndpoint.Name}.json";
        options.DefaultFonts = false;
        options.Telemetry = false;
        options.HideClientButton = true;
        options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        options.Agent = new ScalarAgentOptions { Disabled = true };
        options.Mcp = new ScalarMcpOptions { Disabled = true };
    }
}
