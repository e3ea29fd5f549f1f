using System.Globalization;
using JobQueue.Jobs;
using JobQueue.Storage.Queries;
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
        var endpoint = app.MapMetrics("/metrics", metrics.Registry);
        if (app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.RequireToken)
            endpoint.RequireAuthorization(ReadMetrics);
        else
            endpoint.AllowAnonymous();

        app.MapGet("/health/live", () => Results.Text("live")).AllowAnonymous();
        app.MapGet("/health/ready", Ready).AllowAnonymous();
    }

    /// <summary>A load balancer sends nothing more here once the server has begun to stop.</summary>
    private static IResult Ready(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStopping.IsCancellationRequested
            ? Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready");

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
