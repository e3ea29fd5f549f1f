using JobQueue.Access;
using JobQueue.Configuration;
using JobQueue.Storage;

namespace JobQueue.Demo;

/// <summary>Well-known accounts to try the program with, and the rules that keep them harmless: this machine alone, no real data.</summary>
internal static class DemoSetup
{
    public static void AddDemo(this WebApplicationBuilder builder)
    {
        if (!IsEnabled(builder.Configuration))
            return;
        DemoRules.RefuseOpenAddresses(ListenUrls.Of(builder.Configuration));
        builder.Services.AddSingleton<DemoBanner>();
        builder.Services.AddSingleton(new DatabaseTemplate(Path.Combine(AppContext.BaseDirectory, "jobs.db.sample")));
        builder.Services.AddHostedService<DemoSeed>();
    }

    public static void UseDemo(this WebApplication app)
    {
        if (IsEnabled(app.Configuration))
            app.Use(DemoRules.RefuseForeignHostsAsync);
    }

    private static bool IsEnabled(IConfiguration configuration) =>
        configuration.GetValue<bool>(ConfigurationPath.Combine(DemoOptions.Section, nameof(DemoOptions.Enabled)));
}
