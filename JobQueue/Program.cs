using JobQueue.Access;
using JobQueue.Access.Sessions;
using JobQueue.Api;
using JobQueue.Commands;
using JobQueue.Configuration;
using JobQueue.Dashboard;
using JobQueue.Demo;
using JobQueue.Handlers;
using JobQueue.Storage;
using JobQueue.Telemetry;
using JobQueue.Workers;

return await CommandLine.RunAsync(args, settings => Serve.RunAsync(() => Program.BuildServer(settings)));

public partial class Program
{
    /// <summary>The whole server, ready to start, with what a test replaces.</summary>
    internal static WebApplication BuildServer(string[] settings, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = ConfigurationSetup.CreateBuilder(settings);
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
        app.UseHeadCalls();
        // Not earlier, where the framework would put it: paths and methods are only now what is routed.
        app.UseRouting();
        app.UseDemo();
        app.UseApi();
        app.UseDashboard();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseApiRules();
        app.MapApi();
        app.MapDashboard();
        return app;
    }
}
