using JobQueue.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobQueue.Tests.Support;

/// <summary>The job types as the program finds and makes them, without the rest of it.</summary>
internal static class HandlersUnderTest
{
    public static HandlerRegistry Registry(params (string Key, string? Value)[] settings) => Registry(_ => { }, settings);

    /// <param name="add">Adds services before those of the handlers.</param>
    public static HandlerRegistry Registry(Action<IServiceCollection> add, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        add(builder.Services);
        builder.AddHandlers();
        return builder.Build().Services.GetRequiredService<HandlerRegistry>();
    }
}
