using JobQueue.Access.Sessions;
using JobQueue.Api.Events;
using JobQueue.Api.Requests;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JobQueue.Api.Origins;

/// <summary>Lets pages of the sites that the settings name call the API. What counts is their token: cookies open no API call.</summary>
internal static class OtherOrigins
{
    /// <summary>How long a browser need not ask again whether it may.</summary>
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    /// <summary>What our answers carry beside the fields that every script may read.</summary>
    private static readonly string[] ExposedHeaders =
    [
        HeaderNames.AcceptEncoding, HeaderNames.Allow, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate,
        RateLimitHeaders.Limit, RateLimitHeaders.Policy, IdempotencyKey.ReplayedHeader, EventsEndpoints.LastEventIdHeader,
    ];

    public static void AddOtherOrigins(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<ApiOptions>>((cors, api) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. api.Value.AllowedOrigins])
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders(ExposedHeaders)
            .SetPreflightMaxAge(PreflightAge)));
    }

    /// <summary>Stands before all that may refuse: scripts are to read refusals too, and a browser asks before it sends a token.</summary>
    public static void UseOtherOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.AllowedOrigins.Count > 0)
            app.UseWhen(context => !PagePaths.Contains(context.Request.Path), api => api.UseCors());
    }
}
