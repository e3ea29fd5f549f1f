using JobQueue.Commands.Control;
using JobQueue.Storage;

namespace JobQueue.Commands;

/// <summary>The verbs that work on the database, and the socket through which they reach a server.</summary>
internal static class CommandsSetup
{
    public static void AddCommands(this IHostApplicationBuilder builder)
    {
        builder.Services.AddVerb<TokensCreate, TokensCreate.Arguments>();
        builder.Services.AddVerb<UsersCreate, UsersCreate.Arguments>();
        // Where one server owns the database, commands reach it through that server; elsewhere they go to the database themselves.
        if (builder.Services.Any(service => service.ServiceType == typeof(DatabaseFile)))
            builder.Services.AddHostedService<ControlSocketServer>();
    }

    private static void AddVerb<TVerb, TArguments>(this IServiceCollection services)
        where TVerb : class, IDatabaseVerb<TArguments> =>
        services.AddSingleton(DatabaseVerb.Of<TVerb, TArguments>());
}
