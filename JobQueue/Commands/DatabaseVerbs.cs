using System.Net.Sockets;
using System.Text.Json;
using JobQueue.Access;
using JobQueue.Access.Sessions;
using JobQueue.Commands.Control;
using JobQueue.Configuration;
using JobQueue.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Commands;

/// <summary>
/// Runs verbs where the database may be written: in the server that owns its file, or in this process when none does or the database is
/// one that processes share.
/// </summary>
/// <param name="settings">As on the command line.</param>
internal sealed class DatabaseVerbs(string[] settings)
{
    /// <summary>How long to wait for an owner that is just starting, stopping, or another command.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a verb and writes its result, and nothing else, on standard output.</summary>
    public async Task<int> RunAsync<TVerb, TArguments>(TArguments arguments, CancellationToken cancellationToken)
        where TVerb : class, IDatabaseVerb<TArguments>
    {
        var request = new ControlRequest(TVerb.Name, JsonSerializer.SerializeToElement(arguments, ControlRequest.Json));
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await TryAsync(request, cancellationToken) is { } output)
            {
                await Console.Out.WriteLineAsync(output);
                return 0;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new CommandFailedException("The database is in use by a process that takes no commands. Stop it, or try again.");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Answers <see langword="null"/> when another process owns the database and takes no commands (yet).</summary>
    private async Task<string?> TryAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        using var host = BuildHost();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (DatabaseInUseException)
        {
            return await HandOverAsync(host.Services.GetRequiredService<DatabaseFile>(), request, cancellationToken);
        }

        var verb = host.Services.GetServices<DatabaseVerb>().Single(verb => verb.Name == request.Verb);
        var output = await verb.RunAsync(host.Services, request.Arguments, cancellationToken);
        await host.StopAsync(cancellationToken);
        return output;
    }

    private static async Task<string?> HandOverAsync(
        DatabaseFile database, ControlRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await ControlSocket.ConnectAsync(database, cancellationToken);
            await using var stream = new NetworkStream(socket.Socket);
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            await writer.WriteLineAsync(JsonSerializer.Serialize(request, ControlRequest.Json));
            var line = await reader.ReadLineAsync(cancellationToken)
                ?? throw new CommandFailedException("The server stopped before it answered.");
            var answer = JsonSerializer.Deserialize<ControlAnswer>(line, ControlRequest.Json)!;
            return answer.Error is null ? answer.Output
                : answer.WrongUsage ? throw new WrongUsageException(answer.Error)
                : throw new CommandFailedException(answer.Error);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The parts that verbs need, and of their services only the store runs: no pool, no pages, no log.</summary>
    private IHost BuildHost()
    {
        var builder = ConfigurationSetup.CreateCommandBuilder(settings);
        builder.AddAccess();
        builder.AddSignIn();
        builder.AddCommands();
        builder.Services.RemoveAll<IHostedService>();
        builder.AddStorage();
        return builder.Build();
    }
}
