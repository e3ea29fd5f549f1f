using JobQueue.Configuration.Proxies;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace JobQueue.Configuration;

/// <summary>How the process listens, and whom it believes.</summary>
internal static class ServerSetup
{
    public const string DefaultUrl = "http://localhost:5080";

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    public static void AddServer(this WebApplicationBuilder builder)
    {
        // A line feed alone ends no header line (RFC 9112): two readings of one request are how requests are smuggled.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        // A compressed body that ends early is damaged, not short.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        // Pages find their files also outside Development when the program was not published.
        builder.WebHost.UseStaticWebAssets();
        ListenUrls.Check(builder.Configuration);
        if (!ListenUrls.Of(builder.Configuration).Any())
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        });
        builder.Services.AddHostedService<IdleMemory>();
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure((ForwardedHeadersOptions forwarded, IOptions<ProxyOptions> proxy) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.All;
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxy.Value.KnownNetworks)
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        });
    }

    /// <summary>
    /// The caller's address, the scheme, host and path as trusted proxies tell them; comes before everything that looks at them,
    /// routing too.
    /// </summary>
    public static void UseProxies(this WebApplication app)
    {
        app.UseMiddleware<UnknownProxies>();
        if (app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.KnownNetworks.Count > 0)
            app.UseForwardedHeaders();
        app.UseMiddleware<SubPath>();
    }
}
