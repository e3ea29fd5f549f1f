using System.CommandLine;
using JobQueue.Configuration;
using JobQueue.Handlers;
using JobQueue.Workers;
using JobQueue.Workers.Remote;

namespace JobQueue.Commands;

/// <summary><c>worker</c>: runs the job types that this program has in a process of its own, for a server elsewhere.</summary>
internal static class WorkerCommand
{
    private const string TokenVariable = "JOBQUEUE_TOKEN";
    private const int MaxCount = 1_000;

    /// <param name="settings">As on the command line: the sections Workers, Handlers and Jobs count here, too.</param>
    public static Command Describe(string[] settings)
    {
        var server = new Option<string>("--server") { Required = true, Description = "The server's address, such as http://localhost:5080." };
        var types = new Option<string?>("--types") { Description = "Job types to take, separated by commas; all that this program has by default." };
        var count = new Option<int?>("--count") { Description = "Jobs that run at once; by default Workers:Count, or 16 where that is 0." };
        var command = new Command(
            "worker", $"Runs jobs of a server in a process of its own. The token, with the scope jobs:work, is taken from {TokenVariable}.")
        {
            server, types, count,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            settings, parsed.GetRequiredValue(server), parsed.GetValue(types), parsed.GetValue(count), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, string server, string? types, int? count, CancellationToken cancellationToken)
    {
        if (count is < 1 or > MaxCount)
            throw new WrongUsageException($"--count takes a number from 1 to {MaxCount}.");
        var builder = ConfigurationSetup.CreateCommandBuilder(settings);
        // Standard output belongs to results, of which this command has none.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddHandlers();
        builder.AddRemoteWorkers(ServerFrom(server), TypesFrom(types));
        // A server with no workers of its own says so in settings that its worker processes may share.
        builder.Services.PostConfigure<WorkersOptions>(options =>
            options.Count = count ?? (options.Count > 0 ? options.Count : new WorkersOptions().Count));

        using var host = builder.Build();
        CheckTypes(types, host.Services);
        var leases = host.Services.GetRequiredService<ServerLeases>();
        await host.RunAsync(cancellationToken);
        return leases.Refusal is { } refusal
            ? throw new CommandFailedException($"The server refused this worker: {refusal.Message}")
            : 0;
    }

    private static ServerOptions ServerFrom(string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new WrongUsageException($"--server takes an http or https address, such as http://localhost:5080; \"{address}\" is none.");
        return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token
            ? new ServerOptions(server, token)
            : throw new WrongUsageException($"Put a token with the scope jobs:work into the environment variable {TokenVariable}.");
    }

    private static HashSet<string>? TypesFrom(string? types) =>
        types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <summary>Says which types are not taken here, and why. A misspelt one would be waited for in silence.</summary>
    private static void CheckTypes(string? types, IServiceProvider services)
    {
        var known = services.GetServices<HandlerEntry>().OrderBy(entry => entry.Type, StringComparer.Ordinal).ToLookup(entry => entry.Unavailable is null);
        var left = known[false].ToDictionary(entry => entry.Type, entry => entry.Unavailable);
        if (TypesFrom(types) is not { } wanted)
        {
            if (left.Count > 0)
                RemoteLog.TypesLeft(services.GetRequiredService<ILogger<ServerLeases>>(), string.Join("; ", left.Select(type => $"{type.Key}, as {type.Value}")));
            return;
        }

        if (wanted.FirstOrDefault(left.ContainsKey) is { } impossible)
            throw new WrongUsageException($"{impossible} does not run here: {left[impossible]}.");
        var possible = known[true].Select(entry => entry.Type).ToList();
        if (wanted.Count == 0 || !wanted.IsSubsetOf(possible))
            throw new WrongUsageException($"--types takes some of {string.Join(", ", possible)}, separated by commas.");
    }
}
