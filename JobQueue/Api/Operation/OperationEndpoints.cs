using System.Net.Mime;
using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Telemetry;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Prometheus;

namespace JobQueue.Api.Operation;

/// <summary>What those who run the server ask it: its health and its metrics.</summary>
internal static class OperationEndpoints
{
    private const string Tag = "Operation";
    private const string Draining = "draining";

    public static void MapOperation(this WebApplication app)
    {
        app.MapPrometheus();
        app.MapGet("/health/live", () => Results.Text("live"))
            .AllowAnonymous()
            .Describe(Tag, "getLiveness", "See whether it is alive")
            .Answers<string>(StatusCodes.Status200OK, "It is.", MediaTypeNames.Text.Plain)
            .WithMetadata(new TextExample(StatusCodes.Status200OK, "live"));
        app.MapGet("/health/ready", Ready)
            .AllowAnonymous()
            .Describe(Tag, "getReadiness", "See whether it wants work", "A load balancer sends nothing more here once it does not.")
            .Answers<string>(StatusCodes.Status200OK, "It does.", MediaTypeNames.Text.Plain)
            .Answers<string>(StatusCodes.Status503ServiceUnavailable, "It has begun to stop.", MediaTypeNames.Text.Plain)
            .AnswersHeader(StatusCodes.Status503ServiceUnavailable, HeaderNames.RetryAfter, "Seconds until another one may be up.")
            .WithMetadata(new TextExample(StatusCodes.Status200OK, "ready"), new TextExample(StatusCodes.Status503ServiceUnavailable, Draining));
    }

    private static void MapPrometheus(this WebApplication app)
    {
        var endpoint = app.MapMetrics("/metrics", app.Services.GetRequiredService<QueueMetrics>().Registry)
            .WithMetadata(
                // The API's document shows calls that have a method, which one of the library has not.
                ((Delegate)Scraped).Method,
                new HttpMethodMetadata([HttpMethods.Get]),
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [MediaTypeNames.Text.Plain]) { Description = "Prometheus text." },
                new TextExample(StatusCodes.Status200OK, "jobqueue_jobs_done_total{queue=\"default\",type=\"echo\"} 7\n"))
            .WithTags(Tag)
            .WithName("getMetrics")
            .WithSummary("Read the metrics")
            .WithDescription("Counters since the process started, and what they measure.");
        if (app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.RequireToken)
            endpoint.RequireAuthorization(Scopes.MetricsRead);
        else
            endpoint.AllowAnonymous();
    }

    /// <summary>Stands for <c>GET /metrics</c> in the API's document.</summary>
    private static string Scraped() => "";

    /// <summary>A load balancer sends nothing more here once the server has begun to stop.</summary>
    private static IResult Ready(HttpResponse response, IHostApplicationLifetime lifetime)
    {
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
            return Results.Text("ready");
        response.Headers.RetryAfter = "5";
        return Results.Text(Draining, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
