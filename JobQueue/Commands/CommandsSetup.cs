namespace JobQueue.Commands;

/// <summary>The verbs that work on the database, and the socket through which they reach a server.</summary>
internal static class CommandsSetup
{
    public static void AddCommands(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<ControlSocketServer>();
    }

}
