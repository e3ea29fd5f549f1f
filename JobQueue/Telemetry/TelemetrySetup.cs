using System.Globalization;
using System.Net.Mime;
using JobQueue.Api.OpenApi;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Telemetry.Logs;
using Microsoft.Extensions.Options;
using Prometheus;
using Serilog;
using Serilog.Events;
using Serilog.Filters;

namespace JobQueue.Telemetry;

/// <summary>Log, metrics, traces and health.</summary>
internal static class TelemetrySetup
{
    public const string ReadMetrics = "metrics:read";

    private const string Tag = "Operation";
    private const string Draining = "draining";
    private const string ConsoleLine = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(new LogFileFallback(Console.Error));
        services.AddSingleton<LogFile>();
        services.AddSingleton<JobEventLog>();
        services.AddSingleton<QueueMetrics>();
        services.AddHostedService<TelemetryFeed>();
        builder.Logging.ClearProviders();
        // A provider and not a factory of its own, so that the framework's section Logging decides what is logged.
        services.AddSingleton<ILoggerProvider>(provider =>
            new Serilog.Extensions.Logging.SerilogLoggerProvider(CreateLogger(provider), dispose: true));
    }

    public static void MapTelemetry(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<QueueMetrics>();
        var stats = app.Services.GetRequiredService<StatsQueries>();
        metrics.Registry.AddBeforeCollectCallback(cancellationToken => CountJobsAsync(metrics, stats, cancellationToken));
        var endpoint = app.MapMetrics("/metrics", metrics.Registry)
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
            endpoint.RequireAuthorization(ReadMetrics);
        else
            endpoint.AllowAnonymous();

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
            .WithMetadata(new TextExample(StatusCodes.Status200OK, "ready"), new TextExample(StatusCodes.Status503ServiceUnavailable, Draining));
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

    private static async Task CountJobsAsync(QueueMetrics metrics, StatsQueries stats, CancellationToken cancellationToken)
    {
        var counts = await stats.TotalAsync(scope: null, cancellationToken);
        Set(JobStatus.Pending, counts.Pending);
        Set(JobStatus.Running, counts.Running);
        Set(JobStatus.Done, counts.Done);
        Set(JobStatus.Failed, counts.Failed);

        void Set(JobStatus status, int count) => metrics.JobsByStatus.WithLabels(QueueMetrics.SnakeCase(status.ToString())).Set(count);
    }

    private static Serilog.Core.Logger CreateLogger(IServiceProvider provider) => new LoggerConfiguration()
        .MinimumLevel.Verbose()
        .Enrich.FromLogContext()
        .Filter.ByExcluding(IsFailedStart)
        .WriteTo.Logger(provider.GetRequiredService<LogFile>().Lines)
        .WriteTo.Console(outputTemplate: ConsoleLine, formatProvider: CultureInfo.InvariantCulture)
        .CreateLogger();

    /// <summary>The framework logs a failed start with its stack trace; the program says it in one line.</summary>
    private static bool IsFailedStart(LogEvent logEvent) =>
        logEvent.Exception is not null
        && (logEvent.MessageTemplate.Text is "Hosting failed to start" or "Unable to start Kestrel.")
        && Matching.FromSource("Microsoft")(logEvent);
}
