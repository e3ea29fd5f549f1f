using JobQueue.Access;
using JobQueue.Api;
using JobQueue.Commands;
using JobQueue.Configuration;
using JobQueue.Dashboard;
using JobQueue.Demo;
using JobQueue.Handlers;
using JobQueue.Storage;
using JobQueue.Telemetry;
using JobQueue.Workers;

return await CommandLine.RunAsync(args, ServeAsync);

static async Task<int> ServeAsync(string[] settings)
{
    await using var app = BuildServer(settings);
    await app.RunAsync();
    return Environment.ExitCode;
}

/// <summary>The program, and the server as tests build it.</summary>
public partial class Program
{
    /// <summary>The whole server, ready to start.</summary>
    /// <param name="settings">As on the command line: <c>--Section:Key=value</c>.</param>
    /// <param name="adjust">What a test replaces.</param>
    internal static WebApplication BuildServer(string[] settings, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = ConfigurationSetup.CreateBuilder(settings);
        builder.AddSettings();
        builder.AddServer();
        builder.AddTelemetry();
        builder.AddStorage();
        builder.AddAccess();
        builder.AddDemo();
        builder.AddSignIn();
        builder.AddHandlers();
        builder.AddWorkers();
        builder.AddApi();
        builder.AddDashboard();
        builder.AddCommands();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseProxies();
        app.UseDemo();
        app.UseApi();
        app.UseDashboard();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapApi();
        app.MapDashboard();
        app.MapTelemetry();
        return app;
    }
}
