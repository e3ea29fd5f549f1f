using JobQueue.Access;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Api.Origins;
using JobQueue.Configuration.Proxies;
using JobQueue.Handlers;
using JobQueue.Handlers.Command;
using JobQueue.Handlers.Http;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Storage;
using JobQueue.Telemetry;
using JobQueue.Telemetry.Logs;
using JobQueue.Tenants;
using JobQueue.Workers;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace JobQueue.Configuration;

/// <summary>Where settings come from, and that they make sense before anything else starts.</summary>
internal static class ConfigurationSetup
{
    public const string FileName = "appsettings.json";

    /// <summary>The program's own sections. Other ones (Logging, Kestrel, AllowedHosts, …) belong to the framework.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        SettingsSection.Of<ApiOptions>(ApiOptions.Section),
        SettingsSection.Of<BootstrapOptions>(BootstrapOptions.Section),
        SettingsSection.Of<ConnectionStringsOptions>(ConnectionStringsOptions.Section),
        SettingsSection.Of<DemoOptions>(DemoOptions.Section),
        SettingsSection.Of<EventsOptions>(EventsOptions.Section),
        SettingsSection.Of<HostingOptions>(HostingOptions.Section),
        SettingsSection.Of<HandlersOptions>(HandlersOptions.Section),
        SettingsSection.Of<HttpHandlerOptions>(HttpHandlerOptions.Section),
        SettingsSection.Of<CommandHandlerOptions>(CommandHandlerOptions.Section),
        SettingsSection.Of<JobsOptions>(JobsOptions.Section),
        SettingsSection.Of<KeysOptions>(KeysOptions.Section),
        SettingsSection.Of<LogsOptions>(LogsOptions.Section),
        SettingsSection.Of<MetricsOptions>(MetricsOptions.Section),
        SettingsSection.Of<ProxyOptions>(ProxyOptions.Section),
        SettingsSection.Of<RetentionOptions>(RetentionOptions.Section),
        SettingsSection.Of<RetriesOptions>(RetriesOptions.Section),
        SettingsSection.Of<StorageOptions>(StorageOptions.Section),
        SettingsSection.Of<TenantsOptions>(TenantsOptions.Section),
        SettingsSection.Of<WorkersOptions>(WorkersOptions.Section),
    ];

    /// <summary>
    /// A builder of the server whose settings come from the file beside the program, then the environment, then the command
    /// line, whatever the working directory is.
    /// </summary>
    /// <exception cref="InvalidConfigurationException">Something in our sections is unknown or out of its range.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(ConfigurationSetup).Assembly.GetName().Name,
        });
        UseOneFile(builder.Configuration.Sources);
        builder.AddSettings();
        builder.AddServer();
        return builder;
    }

    /// <summary>The same settings for a command, which serves nothing and logs nothing.</summary>
    public static HostApplicationBuilder CreateCommandBuilder(string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
        });
        UseOneFile(builder.Configuration.Sources);
        builder.Logging.ClearProviders();
        builder.AddSettings();
        return builder;
    }

    /// <summary>Checks and binds every section of the program's own.</summary>
    private static void AddSettings(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var problems = ProblemsOfSections(configuration).Concat(Sections.SelectMany(section => section.Problems(configuration, Sections))).ToList();
        if (problems.Count == 0)
            problems.AddRange(ProblemsOfDatabase(configuration));
        if (problems.Count > 0)
            throw new InvalidConfigurationException(problems);
        foreach (var section in Sections)
            section.Register(builder);
    }

    /// <summary>Values where a section belongs, and unknown sections inside ours.</summary>
    private static IEnumerable<string> ProblemsOfSections(IConfigurationManager configuration)
    {
        foreach (var group in Sections.GroupBy(section => section.Path.Split(ConfigurationPath.KeyDelimiter)[0]))
        {
            var section = configuration.GetSection(group.Key);
            if (section.Value is { Length: > 0 } && !IsFromEnvironment(configuration, group.Key))
                yield return SettingsText.UnknownKey(section, group.SelectMany(member => member.Keys));
            if (group.Any(member => member.Path == group.Key))
                continue;
            var known = group.Select(member => member.Path.Split(ConfigurationPath.KeyDelimiter)[1]).ToList();
            foreach (var child in section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
                yield return SettingsText.UnknownKey(child, known);
        }
    }

    /// <summary>What a connection string may say depends on another section.</summary>
    private static IEnumerable<string> ProblemsOfDatabase(IConfigurationManager configuration)
    {
        var provider = configuration.GetSection(StorageOptions.Section).Get<StorageOptions>()?.Provider ?? StorageOptions.Sqlite;
        var section = configuration.GetSection(ConnectionStringsOptions.Section);
        var text = section.Get<ConnectionStringsOptions>()?.JobQueue ?? new ConnectionStringsOptions().JobQueue;
        if (ConnectionRules.Problem(provider, text) is { } allowed)
            yield return SettingsText.NotAllowed(section.GetSection(nameof(ConnectionStringsOptions.JobQueue)), text, allowed);
    }

    /// <summary>A variable such as <c>PROXY</c> may mean another program: it is no mistake in ours.</summary>
    private static bool IsFromEnvironment(IConfigurationManager configuration, string key) =>
        ((IConfigurationRoot)configuration).Providers.Last(provider => provider.TryGet(key, out _)) is EnvironmentVariablesConfigurationProvider;

    /// <summary>One file, read once: no file per environment, and no watcher, of which a machine has few.</summary>
    private static void UseOneFile(IList<IConfigurationSource> sources)
    {
        var files = sources.OfType<JsonConfigurationSource>().ToList();
        var place = sources.IndexOf(files[0]);
        foreach (var file in files)
            sources.Remove(file);
        sources.Insert(place, new JsonConfigurationSource
        {
            Path = FileName,
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
            Optional = true,
        });
    }
}
