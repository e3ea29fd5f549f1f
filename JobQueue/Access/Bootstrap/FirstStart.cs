using JobQueue.Access.Sessions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace JobQueue.Access.Bootstrap;

/// <summary>Prepares the first administrator before requests come in, and prints the setup code once the address is known.</summary>
internal sealed class FirstStart(FirstAdministrator first, IHostApplicationLifetime lifetime, IServer server) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await first.PrepareAsync(cancellationToken) is { } notice)
            lifetime.ApplicationStarted.Register(() => Print(notice));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>To the console and nowhere else: a log file is read by more people than may administrate.</summary>
    private void Print(SetupNotice notice)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        Console.WriteLine();
        Console.WriteLine($"  This server has no administrator yet. Open {address}{PagePaths.Setup} and enter");
        Console.WriteLine(notice switch
        {
            SetupNotice.Code(var code) => $"  Setup code: {code}",
            SetupNotice.PrintedBy(var process, var at, var goodUntil) =>
                $"  the setup code that the process {process} printed at {at:u}. It is good until {goodUntil:u}.",
            _ => throw new ArgumentOutOfRangeException(nameof(notice)),
        });
        Console.WriteLine();
    }
}
