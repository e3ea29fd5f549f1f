using System.Globalization;
using JobQueue.Telemetry.Logs;
using Serilog;
using Serilog.Events;
using Serilog.Filters;

namespace JobQueue.Telemetry;

/// <summary>Log, metrics and traces.</summary>
internal static class TelemetrySetup
{
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
